"""The API: a file or a folder for each namespace of the SDK. Seed files use the same functions."""

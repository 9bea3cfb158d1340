"""The API: a file for each namespace of the SDK, and the rules that seed files share with it."""

"""The operations, one file per namespace of the SDK."""

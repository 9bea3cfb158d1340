"""YAML and JSON files that people write: strict keys, and the line and column of each value."""

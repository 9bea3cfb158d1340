"""YAML and JSON files that people write: strict keys, and the place of everything in them."""

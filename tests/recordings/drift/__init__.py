"""The engine of drift: what it binds, compares and lets pass."""

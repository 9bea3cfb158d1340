"""Faults: planned failures, and the plan that says which requests they affect."""

"""Faults: what can be made to go wrong, and the plan of which request meets it."""

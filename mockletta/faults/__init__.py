"""Faults: what can go wrong, and the plan that says which requests are affected."""

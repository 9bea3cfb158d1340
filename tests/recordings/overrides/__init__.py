"""Overrides, and what drift makes of them."""

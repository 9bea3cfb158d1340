"""Agents as `.af` files: export and import."""

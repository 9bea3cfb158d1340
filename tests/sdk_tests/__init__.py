"""Runs the tests that the Python SDK generates for itself against the world of its examples."""

"""Calls made from what the SDK declares: every method, every parameter, every variant of it."""

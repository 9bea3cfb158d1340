"""Sending, listing and searching messages."""

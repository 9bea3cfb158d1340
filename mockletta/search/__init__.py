"""Deterministic text search."""

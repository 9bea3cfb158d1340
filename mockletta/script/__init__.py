"""Scripted replies: what an agent says, laid down by the author of a test."""

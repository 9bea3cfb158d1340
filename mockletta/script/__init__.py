"""Scripted replies: a test's author writes what an agent says."""

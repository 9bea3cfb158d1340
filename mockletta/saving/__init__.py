"""Worlds in files: snapshots, and files that keep a world over restarts."""

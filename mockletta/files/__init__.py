"""Worlds in files: seeds, snapshots and the state file."""

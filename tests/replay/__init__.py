"""Replays every recording of a real Letta server against mockletta and compares the answers."""

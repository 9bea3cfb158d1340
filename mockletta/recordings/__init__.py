"""Recordings of sessions with a real Letta: recording, replay, learning from them, and drift."""

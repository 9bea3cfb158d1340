"""Recordings of sessions with a real Letta: recording, replaying, learning from them, and drift."""

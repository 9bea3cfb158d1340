"""Plays recordings against a server and compares its answers with the recorded ones."""

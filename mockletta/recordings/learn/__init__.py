"""Learns a seed and a script from a recording."""

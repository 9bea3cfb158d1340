"""Hostile input: random requests, bytes, files and patterns. `make attack` runs for minutes.

Each attack takes a random generator and a number of rounds, and returns what went wrong, a line for
each failure. The same seed repeats the same program.
"""

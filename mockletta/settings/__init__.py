"""The settings of a server: their checks, and their names in each surface."""

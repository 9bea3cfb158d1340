"""The settings of a server: their checks, and their names on the command line, in Python and
elsewhere."""

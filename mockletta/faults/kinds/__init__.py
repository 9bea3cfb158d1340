"""The kinds of faults: one file for each, named as the key that names the kind."""

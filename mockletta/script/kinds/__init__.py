"""The kinds of reply items: one file for each, named as the key that names the kind."""

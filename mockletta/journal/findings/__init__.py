"""The verdict's rules about what a client does wrong, grouped by what they look at."""

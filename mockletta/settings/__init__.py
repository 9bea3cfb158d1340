"""What a server can be told: its settings, their checks, and their names in each surface."""

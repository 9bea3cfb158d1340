"""The state of a world: tables, threads, links, its clock and its ids."""

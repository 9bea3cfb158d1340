"""What a world holds: tables, threads, links, and the clock and ids they are made with."""

"""One fake Letta, its settings in force, and which client talks to which world."""

"""What a client did wrong, one file for rules that look at the same thing."""

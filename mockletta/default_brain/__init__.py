"""What an agent says without a script. Pure, deterministic, offline."""

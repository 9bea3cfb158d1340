"""Who decides what an agent says: history in, decisions out. Pure."""

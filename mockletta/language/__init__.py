"""What a text says: its words, sentences and clauses, the facts in them, and what they ask."""

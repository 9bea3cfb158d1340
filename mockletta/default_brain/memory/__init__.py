"""What the brain has been told: the facts, the answers from them, and changes of memory blocks."""

"""An agent's files: which are open, what it sees of them, and the tools that read them."""

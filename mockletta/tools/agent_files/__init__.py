"""An agent's files: the open ones, their visible parts, and the tools that read them."""

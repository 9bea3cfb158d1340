"""What an agent can call: its tools, the rules for them, their schemas, and how they run."""

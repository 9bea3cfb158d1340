"""The tools of agents: how they run, the rules for them, and their schemas."""

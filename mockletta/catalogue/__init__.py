"""What Letta provides: model handles, agent types, base tools and random agent names."""

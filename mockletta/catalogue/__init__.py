"""The fixed content of Letta: model handles, agent types, base tools and random agent names."""

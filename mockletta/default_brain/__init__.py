"""The default brain: what an agent says where nothing else decides, by fixed rules."""

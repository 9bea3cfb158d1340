"""The context of a model call: the system prompt, the messages, and their compaction."""

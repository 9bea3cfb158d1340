"""World: one mock Letta server; the worlds of API keys, and the context of a request."""

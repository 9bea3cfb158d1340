"""What an agent can call: memory, archival, files, search, MCP and other agents."""

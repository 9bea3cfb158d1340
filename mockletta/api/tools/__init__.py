"""client.tools and client.mcp_servers."""

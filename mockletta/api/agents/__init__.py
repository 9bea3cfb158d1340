"""client.agents, but for its messages and schedules."""

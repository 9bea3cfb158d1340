"""client.agents, except for its messages and schedules."""

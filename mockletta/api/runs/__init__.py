"""client.runs and client.steps, with their metrics and traces."""

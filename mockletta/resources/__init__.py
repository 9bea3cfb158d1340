"""What can be done with agents, blocks and conversations: the rules the API and seeds share."""

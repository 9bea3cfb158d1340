"""Records requests and their responses, answers queries about them, and judges the client."""

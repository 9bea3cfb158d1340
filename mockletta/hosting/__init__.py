"""How requests get in: the HTTP server, the in-process transport, and one way to an answer."""

"""The HTTP server, the in-process transport, and the one way from a request to its answer."""

"""The HTTP server, the in-process transport, and the path of a request to its answer."""

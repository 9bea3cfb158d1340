"""Every shape that crosses the socket. Imports only pydantic."""

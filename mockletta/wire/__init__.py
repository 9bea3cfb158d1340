"""Every shape that is received or sent. Imports only pydantic."""

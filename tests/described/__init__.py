"""What /openapi.json says, and that the server keeps to it."""

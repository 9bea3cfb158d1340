"""What a test author holds: the server, and the mock of one world."""

"""What a test author holds: the server, the mock of one world, and the reports of failing tests."""

"""The tools of test authors: the server, and the mock of one world."""

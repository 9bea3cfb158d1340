"""What is learned from recordings."""

"""Overrides: answers of the mock that a user corrects until the next release."""

"""Overrides: corrections of the mock's answers by a user, until the next release."""

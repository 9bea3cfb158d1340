"""Scripted replies: the test author writes what agents say."""

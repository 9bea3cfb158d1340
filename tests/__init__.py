"""Tests of mockletta; the tree mirrors the package, `contract/` is what the real SDK proves."""

"""The control API: what a test author does with worlds, under /_mockletta/."""

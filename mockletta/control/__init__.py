"""The control API under /_mockletta/, with which a test author controls worlds."""

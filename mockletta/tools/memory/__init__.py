"""Tools with which an agent edits its memory blocks."""

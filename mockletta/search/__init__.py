"""How texts are found: by their words, the same way every time."""

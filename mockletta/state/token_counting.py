"""The size of texts in tokens.

A rule of thumb instead of a tokenizer: it is deterministic, so that usage numbers are.
"""

CHARACTERS_PER_TOKEN = 4


def count_tokens(text: str) -> int:
    """Return the size of a text in tokens: a quarter of its characters, rounded up."""
    return (len(text) + CHARACTERS_PER_TOKEN - 1) // CHARACTERS_PER_TOKEN

"""The size of texts in tokens.

It is an estimate without a tokenizer, so token counts are deterministic.
"""

CHARACTERS_PER_TOKEN = 4


def count_tokens(text: str) -> int:
    """Return the size of a text in tokens: a quarter of its characters, rounded up."""
    return (len(text) + CHARACTERS_PER_TOKEN - 1) // CHARACTERS_PER_TOKEN

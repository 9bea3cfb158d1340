"""How texts are found."""

"""One agent turn: decisions become records, records become events; runs, and following them."""

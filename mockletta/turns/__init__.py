"""Agent turns: decisions become records, records become events; runs, and the streams that follow
them."""

"""Makes `python -m mockletta` the command line."""

from mockletta.cli import main

main()

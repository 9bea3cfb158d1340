"""Makes `python -m mockletta` the command line; without arguments it serves."""

import sys

from mockletta.cli import main

main(sys.argv[1:] or ["serve"], prog_name="python -m mockletta")

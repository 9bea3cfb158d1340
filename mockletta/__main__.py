"""`python -m mockletta`: the command line, which serves without arguments."""

import sys

from mockletta.cli import main

main(sys.argv[1:] or ["serve"], prog_name="python -m mockletta")

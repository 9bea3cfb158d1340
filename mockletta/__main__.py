"""python -m mockletta"""

from mockletta.cli import main

main()

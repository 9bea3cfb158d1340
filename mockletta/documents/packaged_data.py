"""The files in the folder `data` of the package."""

from pathlib import Path

DATA = Path(__file__).parents[1] / "data"

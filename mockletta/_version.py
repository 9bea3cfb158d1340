"""The one place the version is spelled."""

__version__ = "0.1.0"

"""The rules of the verdict, grouped by what they look at."""

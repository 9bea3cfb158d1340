"""The benchmark: mockletta compared with a bare starlette app that answers the same bytes."""

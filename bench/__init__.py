"""The benchmark: mockletta beside a bare starlette app that answers the same bytes."""

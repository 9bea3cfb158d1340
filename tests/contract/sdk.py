"""Which SDK runs the suite, and what an older one cannot be asked for."""

import pytest
from letta_client import __version__


def at_least(version: str) -> bool:
    """Whether the installed SDK is that version or newer."""
    return _parts(__version__) >= _parts(version)


def requires_sdk(version: str) -> pytest.MarkDecorator:
    """Skips a test on SDKs that lack what it uses: a parameter, an operation, a field."""
    return pytest.mark.skipif(
        not at_least(version), reason=f"needs letta-client {version}, this is {__version__}"
    )


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))

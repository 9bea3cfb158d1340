"""What the environment says of a run: whether it is CI, whether it is night, which programs there
are.

The long tests do little in every run and a lot in `make nightly`. Tests that lack a program are
skipped on a developer's machine. In CI they run, and fail.
"""

import os
import shutil

import pytest

IS_CI = bool(os.environ.get("CI"))
IS_NIGHTLY = bool(os.environ.get("NIGHTLY"))
CHILD_OPTIONS = "-p no:cacheprovider -p no:hypothesispytest -p no:schemathesis"
"""Options of a pytest that a test starts: these plugins are slow to load."""
FOLDERS = os.pathsep.join([os.environ["PATH"], "/usr/sbin"])
"""Debian installs servers in a folder that few users have in their PATH."""


def amount(usual: int, *, nightly: int) -> int:
    """How often a long test repeats what it does."""
    return nightly if IS_NIGHTLY else usual


def program(name: str) -> str:
    """The path of a program, or its name if it is not installed."""
    return shutil.which(name, path=FOLDERS) or name


def needs_program(name: str) -> pytest.MarkDecorator:
    """Skips a test where a program is missing, except in CI."""
    return skip_unless(program(name) != name, f"{name} is not installed")


def skip_unless(is_there: bool, reason: str) -> pytest.MarkDecorator:
    """Skips a test that lacks something of the machine, except in CI."""
    return pytest.mark.skipif(not is_there and not IS_CI, reason=reason)

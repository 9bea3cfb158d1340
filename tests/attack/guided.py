"""A coverage-guided attack on what reads files: `python -m tests.attack.guided [--seconds N]`.

The first byte of an input chooses the reader, the rest is the file. An input that raises anything
but a refusal is printed with its traceback, and the exit code is not 0. Needs atheris.
"""

import argparse
import logging
import sys
import tempfile
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["mockletta"]):
    from tests.attack.files import read_or_refuse, readers

LONGEST = 20_000
"""Bytes of an input."""


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=int, default=120)
    chosen = options.parse_args()
    logging.disable(logging.CRITICAL)  # damaged files are what is attacked with
    warnings.simplefilter("ignore")
    folder = Path(tempfile.mkdtemp())
    corpus = folder / "corpus"
    corpus.mkdir()
    kinds = readers(folder)
    for number, (content, _) in enumerate(kinds):
        (corpus / str(number)).write_bytes(bytes([number]) + content[: LONGEST - 1])

    def read_input(data: bytes) -> None:
        path = folder / "input.yaml"
        path.write_bytes(data[1:])
        read_or_refuse(kinds[data[0] % len(kinds)][1] if data else kinds[0][1], path)
        for left in folder.glob("input.yaml*"):
            left.unlink()

    arguments = [sys.argv[0], f"-max_total_time={chosen.seconds}", f"-max_len={LONGEST}"]
    atheris.Setup([*arguments, f"-artifact_prefix={folder}/", str(corpus)], read_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

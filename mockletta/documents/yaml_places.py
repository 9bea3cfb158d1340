"""Reads YAML and JSON, and reports errors with line and column.

Aliases cannot expand a small file into a large one, and a mapping cannot repeat a key.
"""

import re
from collections.abc import Iterator
from typing import Protocol

import yaml

from mockletta.documents.text_files import Path, Place, UnreadableFile

MOST_VALUES = 5_000_000
DEEPEST = 100
LONGEST_NUMBER = 1_000
MERGE = "<<"
ODDITIES = (ValueError, LookupError, AttributeError, TypeError, OverflowError, RecursionError)
"""The errors of PyYAML for invalid numbers and similar values."""
TRUTH = re.compile("true|True|TRUE|false|False|FALSE")
_BOOL = "tag:yaml.org,2002:bool"
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SURROGATES = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)


class Mark(Protocol):
    """A position from PyYAML, counted from 0."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class Loader(yaml.CSafeLoader):
    """Reads plain values only: dates, `on`, `off`, `yes` and `no` are texts."""

    yaml_implicit_resolvers = {
        first: [
            (tag, TRUTH if tag == _BOOL else pattern)
            for tag, pattern in resolvers
            if tag != _TIMESTAMP
        ]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def _number(loader: Loader, node: yaml.ScalarNode) -> object:
    """Construct a number. Python can neither print nor compare very long ones in a short time."""
    if len(node.value) > LONGEST_NUMBER:
        raise UnreadableFile(
            f"a number longer than {LONGEST_NUMBER} characters", _start(node.start_mark)
        )
    is_whole = node.tag.endswith(":int")
    return loader.construct_yaml_int(node) if is_whole else loader.construct_yaml_float(node)


for _tag in ("int", "float"):
    Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _number)


class Document:
    """A YAML text: its data, and the position of each value. Raises UnreadableFile if it is
    invalid.
    """

    def __init__(self, text: str, *, is_json: bool = False) -> None:
        self.data: object = None
        self.root: yaml.Node | None = None
        try:
            self._read(as_yaml(text) if is_json else text)
        except UnreadableFile:
            raise
        except yaml.reader.ReaderError as error:
            raise UnreadableFile(error.reason, _place_at(text, error.position)) from error
        except yaml.YAMLError as error:
            raise _unreadable(error) from error
        except ODDITIES as error:
            raise UnreadableFile(f"a value that cannot be read: {error}") from error

    def place(self, path: Path, *, of_key: bool = False) -> Place | None:
        """Return the position of the value at a path, as far as the path exists; `of_key` selects
        its last key instead. None in an empty text.

        Parts of the path that are not keys, such as the index of a single value, are skipped.
        """
        node, found = self.root, list[str | int]()
        if node is None:
            return None
        mark = node.start_mark
        for number, step in enumerate(path):
            key, child = _child(node, step)
            if child is None:
                continue
            is_last = of_key and number == len(path) - 1 and key is not None
            node, mark = child, key.start_mark if is_last and key is not None else child.start_mark
            found.append(step)
        return Place(mark.line + 1, mark.column + 1, tuple(found))

    def _read(self, text: str) -> None:
        _refuse_depth(text)
        loader = Loader(text)
        try:
            self.root = loader.get_single_node()
            if self.root is not None:
                _Sizes().add(self.root)
                self.data = loader.construct_document(self.root)
        finally:
            loader.dispose()


def as_yaml(json_text: str) -> str:
    """Escape JSON for YAML: tabs, and characters that YAML reads differently or not at all.
    Surrogate pairs are joined."""
    spaced = _NOT_IN_YAML.sub(lambda one: f"\\u{ord(one[0]):04x}", json_text.replace("\t", " "))
    return _SURROGATES.sub(_in_one_piece, spaced)


def _in_one_piece(pair: re.Match[str]) -> str:
    high, low = int(pair[1], 16), int(pair[2], 16)
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"


def _refuse_depth(text: str) -> None:
    """Refuse nesting that is too deep for a recursive parser."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise UnreadableFile(f"nested deeper than {DEEPEST} levels", _start(event.start_mark))


class _Sizes:
    """Counts the values with aliases expanded. Refuses too many values, an alias within itself, and
    a repeated key."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def add(self, node: yaml.Node) -> int:
        if id(node) in self._known:
            size = self._known[id(node)]
            if not size:
                raise UnreadableFile("an alias within itself", _start(node.start_mark))
            return size
        self._known[id(node)] = 0
        size = 1 + sum(self.add(child) for child in self._children(node))
        if size > MOST_VALUES:
            raise UnreadableFile(f"more than {MOST_VALUES} values", _start(node.start_mark))
        self._known[id(node)] = size
        return size

    def _children(self, node: yaml.Node) -> Iterator[yaml.Node]:
        if isinstance(node, yaml.SequenceNode):
            yield from node.value
        elif isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                _refuse_key(key, seen)
                yield value


def _refuse_key(key: yaml.Node, seen: set[str]) -> None:
    if not isinstance(key, yaml.ScalarNode):
        raise UnreadableFile(
            "a key that is not a text; {{ ... }} needs quotes around it", _start(key.start_mark)
        )
    if key.value in seen and key.value != MERGE:
        raise UnreadableFile(f"the key `{key.value}` is repeated here", _start(key.start_mark))
    seen.add(key.value)


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.ScalarNode | None, yaml.Node | None]:
    """Return the child of a node by its key or index, with the key's own node."""
    if isinstance(node, yaml.MappingNode):
        pairs = ((key, value) for key, value in node.value if key.value == str(step))
        return next(pairs, (None, None))
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    return None, None


def _unreadable(error: yaml.YAMLError) -> UnreadableFile:
    mark = getattr(error, "problem_mark", None)
    reason = str(getattr(error, "problem", None) or error)
    return UnreadableFile(reason, _start(mark) if mark else None)


def _place_at(text: str, position: int) -> Place:
    before = text[:position]
    return Place(before.count("\n") + 1, position - before.rfind("\n"))


def _start(mark: Mark | None) -> Place | None:
    return Place(mark.line + 1, mark.column + 1) if mark else None

"""What came back, checked twice: it is what the SDK's types say, and nothing else was sent."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from letta_client import BaseModel
from pydantic import ValidationError

from tests.contract.older import is_later
from tests.contract.sdk import IS_OLDER

T = TypeVar("T")

# What the recorded server sends and the SDK does not declare.
_ORGANIZED = (
    "AgentEnvironmentVariable",
    "Archive",
    "FileListResponse",
    "FileRetrieveResponse",
    "FileUploadResponse",
    "Folder",
    "FolderListResponse",
    "Identity",
    "MetricRetrieveResponse",
    "Passage",
    "Source",
    "Step",
)
ALLOWED = {
    **{name: {"organization_id"} for name in _ORGANIZED},
    "Conversation": {"isolated_block_ids"},
    "Tool": {"metadata_"},
}


def checked(answer: T) -> T:
    """The SDK's answer (a model, a page, a list, text, None) itself, or AssertionError.

    Lists are parsed leniently even by a strict client, so every model is validated again. An older
    SDK than the one we serve declares less than we send: nothing is undeclared there.
    """
    for path, model in _models(answer, type(answer).__name__):
        _validate(model)
        if not IS_OLDER:
            assert _undeclared(model) == set(), f"undeclared fields at {path}"
    return answer


def _validate(model: BaseModel) -> None:
    content = model.model_dump(by_alias=True, exclude_unset=True, warnings=not IS_OLDER)
    try:
        type(model).model_validate(content)
    except ValidationError as error:
        if not (IS_OLDER and is_later(error)):
            raise


def _undeclared(model: BaseModel) -> set[str]:
    fields = type(model).model_fields
    known = fields.keys() | {field.alias for field in fields.values()}
    return (model.model_extra or {}).keys() - known - ALLOWED.get(type(model).__name__, set())


def _models(value: object, path: str) -> Iterator[tuple[str, BaseModel]]:
    if isinstance(value, BaseModel):
        if "Page" not in type(value).__name__:
            yield path, value
        value = vars(value)
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _models(inner, f"{path}.{key}")
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _models(inner, f"{path}[{index}]")

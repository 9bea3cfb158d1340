"""Turns the messages of a request into records. They are stored at the end of the first step."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from mockletta.errors import BadRequest
from mockletta.state.ids import Ids
from mockletta.state.message_records import MessageRecord
from mockletta.state.token_counting import count_tokens
from mockletta.wire.input_messages import (
    Base64Image,
    ContentPart,
    ImagePart,
    LettaImagePart,
    MessageCreate,
    TextPart,
)
from mockletta.wire.message_content import ImageContent, LettaImage, TextContent, UserContent

IMAGE_SCHEMES = {"http", "https", "data"}
IMAGE_TOKENS = 85
EMPTY = "Message content is empty or invalid"
NO_MESSAGES = "Messages must not be empty"


def take_in(
    messages: Iterable[MessageCreate],
    ids: Ids,
    now: datetime,
    agent_id: str,
    conversation_id: str | None,
) -> list[MessageRecord]:
    """Return records of a request's messages, not stored yet and without a step.

    Raises BadRequest for content that is empty or of a kind that users do not send [14].
    """
    records = []
    for message in messages:
        content, role, record_id = _content(message.content, ids), message.role, ids.new("message")
        size = size_of(content)
        record = MessageRecord(record_id, role, now, agent_id, conversation_id, content, size)
        record.name = message.name
        record.otid = ids.uuid() if message.otid is None else message.otid
        record.sender_id, record.group_id = message.sender_id, message.group_id
        records.append(record)
    return records


def size_of(content: str | tuple[UserContent, ...]) -> int:
    """Return the size of a message's content in tokens. Every image has the same size."""
    if isinstance(content, str):
        return count_tokens(content)
    return sum(
        count_tokens(part.text) if isinstance(part, TextContent) else IMAGE_TOKENS
        for part in content
    )


def return_content(
    given: str | Sequence[TextPart | ImagePart], ids: Ids
) -> str | list[UserContent]:
    """Return the return of a client's tool in its stored form."""
    return given if isinstance(given, str) else [_part(part, ids) for part in given]


def _content(given: str | list[ContentPart], ids: Ids) -> str | tuple[UserContent, ...]:
    """Return a text, or several parts. A part may be empty [86 empty parts]."""
    if not given:
        raise BadRequest(EMPTY)
    if isinstance(given, str):
        return given
    parts = tuple(_part(part, ids) for part in given)
    only, *others = parts
    return parts if others or isinstance(only, ImageContent) else only.text


def _part(part: ContentPart, ids: Ids) -> UserContent:
    if isinstance(part, TextPart):
        return TextContent(text=part.text)
    if isinstance(part, ImagePart):
        return ImageContent(source=_image(part, ids))
    raise BadRequest(f"Unsupported content type MessageContentType.{part.type}")


def _image(part: ImagePart, ids: Ids) -> LettaImage:
    """Return an image in its stored form. An image behind a URL is never fetched, so it has no
    data."""
    source = part.source
    if isinstance(source, Base64Image):
        given = source.model_dump(exclude={"type"})
        return LettaImage(file_id=ids.new("file"), **given)
    if isinstance(source, LettaImagePart):
        return LettaImage(**source.model_dump(exclude={"type"}))
    scheme = urlsplit(source.url).scheme
    if scheme not in IMAGE_SCHEMES:
        raise BadRequest(f"Unsupported image URL scheme '{scheme}'")
    media_type, data = _data_url(source.url)
    return LettaImage(file_id=ids.new("file"), media_type=media_type, data=data)


def _data_url(url: str) -> tuple[str | None, str | None]:
    head, comma, data = url.partition(",")
    if not head.startswith("data:") or not comma:
        return None, None
    return head.removeprefix("data:").split(";")[0] or None, data

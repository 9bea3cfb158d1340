"""Files in folders: uploading, what becomes of them by the clock, listing and deleting them."""

import io
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from letta_client import (
    APIStatusError,
    AsyncLetta,
    BadRequestError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)
from letta_client.types import Folder
from letta_client.types.folders import FileListResponse

from mockletta.api.folders import uploads as stored
from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Connect, Serve, checked

pytestmark = pytest.mark.anyio
EMBEDDING = "openai/text-embedding-3-small"
NOTHING = "source-00000000-0000-4000-8000-000000000000"
NO_FILE = "file-00000000-0000-4000-8000-000000000000"
AT = "2026-01-01T00:00:00Z"
PROCESSING = 0.1


@pytest.fixture
def mock(serve: Serve) -> MockLetta:
    """A mock whose clock stands still."""
    mock = serve()
    mock.clock.freeze(AT)
    return mock


@pytest.fixture
def folder(client: Letta) -> Folder:
    return client.folders.create(name="docs", embedding=EMBEDDING)


def put(client: Letta, folder: Folder, sent_as: str, content: bytes, **query: object) -> str | None:
    """Upload a file. The name it got."""
    file = checked(
        client.folders.files.upload(folder.id, file=(sent_as, content), **query)  # type: ignore[arg-type]
    )
    return file.file_name


def files(client: Letta, folder: Folder, **query: object) -> list[FileListResponse]:
    return checked(client.folders.files.list(folder.id, **query)).items  # type: ignore[arg-type]


def contents(client: Letta, folder: Folder) -> dict[str | None, str | None]:
    listed = files(client, folder, include_content=True, order="asc")
    return {file.file_name: file.content for file in listed}


def test_an_uploaded_file_is_described(client: Letta, folder: Folder) -> None:
    file = checked(client.folders.files.upload(folder.id, file=("a.md", b"# Hi\n")))

    assert (file.source_id, file.file_name, file.original_file_name) == (
        folder.id,
        "docs/a.md",
        "a.md",
    )
    assert (file.file_type, file.file_size) == ("text/x-markdown", 5)
    assert (file.processing_status, file.error_message) == ("parsing", None)
    assert (file.content, file.total_chunks, file.chunks_embedded) == (None, None, None)
    assert file.created_at == file.updated_at


def test_a_file_is_processed_by_the_clock(mock: MockLetta, client: Letta, folder: Folder) -> None:
    uploaded = client.folders.files.upload(folder.id, file=("a.txt", b"Hi"))
    seen = []
    for _ in range(3):
        file = checked(client.folders.files.retrieve(uploaded.id, folder_id=folder.id))
        seen.append((file.processing_status, file.total_chunks, file.chunks_embedded))
        mock.clock.advance(PROCESSING / 2)

    assert seen == [("parsing", None, None), ("embedding", 1, 0), ("completed", 1, 1)]
    assert uploaded.created_at is not None
    assert file.updated_at == uploaded.created_at + timedelta(seconds=PROCESSING)


def test_a_file_with_nul_characters_ends_in_an_error(
    mock: MockLetta, client: Letta, folder: Folder
) -> None:
    put(client, folder, "a.txt", b"a\0b")
    mock.clock.advance(PROCESSING)

    (file,) = files(client, folder, include_content=True)

    assert (file.processing_status, file.content, file.total_chunks) == ("error", None, None)
    assert "invalid byte sequence" in (file.error_message or "")


def test_an_empty_file_has_one_chunk_and_nothing_in_it(
    mock: MockLetta, client: Letta, folder: Folder
) -> None:
    put(client, folder, "a.txt", b"")
    mock.clock.advance(PROCESSING)

    (file,) = files(client, folder)

    assert (file.processing_status, file.error_message) == ("completed", None)
    assert (file.total_chunks, file.chunks_embedded) == (1, 0)


def test_a_running_clock_soon_completes_a_file(connect: Connect) -> None:
    client = connect()
    folder = client.folders.create(name="docs", embedding=EMBEDDING)
    put(client, folder, "a.txt", b"Hi")

    for _ in range(1_000):
        if files(client, folder)[0].processing_status == "completed":
            break

    assert files(client, folder)[0].chunks_embedded == 1


def test_content_is_shown_to_who_asks_for_it(
    mock: MockLetta, client: Letta, folder: Folder
) -> None:
    uploaded = client.folders.files.upload(folder.id, file=("a.txt", "grün\r\n".encode()))
    mock.clock.advance(PROCESSING)

    shown = client.folders.files.retrieve(uploaded.id, folder_id=folder.id, include_content=True)

    assert shown.content == "grün\r\n"
    assert files(client, folder)[0].content is None
    assert contents(client, folder) == {"a.txt": "grün\r\n"}


@pytest.mark.parametrize("kind", ["path", "bytes", "stream"])
def test_a_file_can_be_sent_in_any_way_the_sdk_has(
    client: Letta, folder: Folder, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"Hello")
    stream = io.BytesIO(b"Hello")
    stream.name = "notes.txt"
    sent = {"path": path, "bytes": ("notes.txt", b"Hello", "text/plain"), "stream": stream}[kind]

    file = checked(client.folders.files.upload(folder.id, file=sent))  # type: ignore[arg-type]

    assert (file.original_file_name, file.file_size) == ("notes.txt", 5)


def test_a_second_file_of_a_name_gets_a_number(
    mock: MockLetta, client: Letta, folder: Folder
) -> None:
    got = [put(client, folder, "a.txt", b"%d" % number) for number in range(3)]
    assert got == ["docs/a.txt", "docs/a_(1).txt", "docs/a_(2).txt"]

    second = next(file for file in files(client, folder) if file.file_name == "a_(1).txt")
    client.folders.files.delete(second.id, folder_id=folder.id)

    assert put(client, folder, "a.txt", b"x") == "docs/a_(3).txt"
    assert put(client, folder, "a_(1).txt", b"x") == "docs/a_(1).txt"
    assert put(client, folder, "a.txt", b"x", duplicate_handling="suffix") == "docs/a_(4).txt"
    mock.clock.advance(PROCESSING)
    assert contents(client, folder)["a_(2).txt"] == "2"


def test_a_second_file_of_a_name_can_be_refused(client: Letta, folder: Folder) -> None:
    put(client, folder, "a.txt", b"1", duplicate_handling="error")

    with pytest.raises(BadRequestError, match=r"File 'a.txt' already exists in folder 'docs'"):
        put(client, folder, "a.txt", b"2", duplicate_handling="error")
    assert len(files(client, folder)) == 1


def test_a_second_file_of_a_name_can_be_skipped(
    mock: MockLetta, client: Letta, folder: Folder
) -> None:
    first = client.folders.files.upload(folder.id, file=("a.txt", b"1"))

    second = client.folders.files.upload(folder.id, file=("a.txt", b"2"), duplicate_handling="skip")
    mock.clock.advance(PROCESSING)

    assert second == first
    assert contents(client, folder) == {"a.txt": "1"}


def test_a_header_says_that_a_file_was_skipped(client: Letta, folder: Folder) -> None:
    told = [
        client.folders.files.with_raw_response.upload(
            folder.id, file=("a.txt", b"1"), duplicate_handling=handling
        ).headers.get("x-upload-result")
        for handling in ("skip", "skip", "suffix")
    ]
    assert told == [None, "skipped", None]


def test_a_second_file_of_a_name_can_replace_the_first(
    mock: MockLetta, client: Letta, folder: Folder
) -> None:
    first = client.folders.files.upload(folder.id, file=("a.txt", b"1"))

    second = client.folders.files.upload(
        folder.id, file=("a.txt", b"2"), duplicate_handling="replace"
    )
    mock.clock.advance(PROCESSING)

    assert second.id != first.id
    assert contents(client, folder) == {"a.txt": "2"}


def test_other_ways_to_handle_a_duplicate_are_a_422(client: Letta, folder: Folder) -> None:
    with pytest.raises(UnprocessableEntityError, match=r"skip.*error.*suffix.*or.*replace"):
        put(client, folder, "a.txt", b"1", duplicate_handling="keep")


def test_a_file_can_have_a_name_of_its_own(client: Letta, folder: Folder) -> None:
    assert put(client, folder, "a.md", b"x", name="custom.md") == "docs/custom.md"
    assert put(client, folder, "a.md", b"x", name="bare") == "docs/bare"
    assert put(client, folder, r"C:\papers\a.md", b"x") == "docs/a.md"
    assert put(client, folder, "/tmp/../b.md", b"x") == "docs/b.md"
    for name in ("..", ".hidden", "x/"):
        with pytest.raises(BadRequestError, match="Invalid filename"):
            put(client, folder, name, b"x")


def test_a_name_that_is_too_long_is_shortened(client: Letta, folder: Folder) -> None:
    got = put(client, folder, f"{'a' * 300}.txt", b"x")

    assert got == f"docs/{'a' * 251}.txt"


@pytest.mark.parametrize(
    ("name", "content_type", "told"),
    [
        ("a.exe", "application/octet-stream", "application/x-msdos-program"),
        ("a.png", "image/png", "image/png"),
        ("a", None, "unknown"),
        ("a.odd", "application/odd; x=y", "unknown"),
    ],
)
def test_a_type_without_text_is_a_415(
    client: Letta, folder: Folder, name: str, content_type: str | None, told: str
) -> None:
    sent = (name, b"x", content_type) if content_type else (name, b"x")

    with pytest.raises(APIStatusError, match=f"Unsupported file type: {told} ") as refused:
        client.folders.files.upload(folder.id, file=sent)

    assert refused.value.status_code == 415
    assert files(client, folder) == []


def test_a_type_is_told_by_the_client_or_by_the_name(client: Letta, folder: Folder) -> None:
    def type_of(name: str, content_type: str | None = None) -> str | None:
        sent = (name, b"x", content_type) if content_type else (name, b"x")
        return client.folders.files.upload(folder.id, file=sent).file_type

    assert type_of("a", "text/plain; charset=utf-8") == "text/plain; charset=utf-8"
    assert type_of("a.PY", "application/octet-stream") == "text/x-python"
    assert type_of("a.json") == "application/json"


def test_a_pdf_has_a_text_that_stands_in(mock: MockLetta, client: Letta, folder: Folder) -> None:
    put(client, folder, "a.pdf", b"%PDF-1.4")
    put(client, folder, "empty.pdf", b"")
    mock.clock.advance(PROCESSING)

    assert contents(client, folder) == {
        "a.pdf": "mockletta reads no PDF files. This stands in for the text of a.pdf (8 bytes).",
        "empty.pdf": "",
    }


def test_files_are_listed_newest_first_and_paged(client: Letta, folder: Folder) -> None:
    for name in "abcde":
        put(client, folder, f"{name}.txt", name.encode())

    def named(**query: object) -> str:
        return "".join((file.file_name or "")[0] for file in files(client, folder, **query))

    third = files(client, folder)[2].id
    assert (named(), named(order="asc", limit=2)) == ("edcba", "ab")
    assert (named(after=third), named(before=third), named(limit=0)) == ("ba", "ed", "")
    assert [
        (file.file_name or "")[0] for file in client.folders.files.list(folder.id, limit=2)
    ] == list("edcba")


def test_a_deleted_file_is_gone(client: Letta, folder: Folder) -> None:
    file = client.folders.files.upload(folder.id, file=("a.txt", b"x"))

    client.folders.files.delete(file.id, folder_id=folder.id)

    assert files(client, folder) == []
    for call in (client.folders.files.delete, client.folders.files.retrieve):
        with pytest.raises(NotFoundError, match="FileMetadata not found"):
            call(file.id, folder_id=folder.id)


def test_a_file_is_found_in_its_own_folder_only(client: Letta, folder: Folder) -> None:
    other = client.folders.create(name="other", embedding=EMBEDDING)
    file = client.folders.files.upload(folder.id, file=("a.txt", b"x"))

    missing = f"File with id={file.id} not found in folder {other.id}"
    with pytest.raises(NotFoundError, match=missing):
        client.folders.files.retrieve(file.id, folder_id=other.id)
    with pytest.raises(UnprocessableEntityError, match=r"file-\{uuid4\}"):
        client.folders.files.retrieve("nope", folder_id=folder.id)


def test_a_file_is_deleted_through_any_folder(client: Letta, folder: Folder) -> None:
    other = client.folders.create(name="other", embedding=EMBEDDING)
    file = client.folders.files.upload(folder.id, file=("a.txt", b"x"))

    client.folders.files.delete(file.id, folder_id=other.id)

    with pytest.raises(NotFoundError, match="FileMetadata not found"):
        client.folders.files.delete(file.id, folder_id=folder.id)


def test_an_unknown_folder_has_no_files(client: Letta) -> None:
    with pytest.raises(NotFoundError, match="Source not found"):
        client.folders.files.upload(NOTHING, file=("a.txt", b"x"))
    assert client.folders.files.list(NOTHING).items == []
    passages = client.get(f"/v1/folders/{NOTHING}/passages", cast_to=object)
    assert passages == []
    with pytest.raises(NotFoundError, match="Source not found"):
        client.folders.files.retrieve(NO_FILE, folder_id=NOTHING)


def test_there_is_room_for_so_many_bytes(
    client: Letta, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "MOST_BYTES", 10)
    put(client, folder, "a.txt", b"123456")

    with pytest.raises(APIStatusError, match="at most 10 bytes altogether") as refused:
        put(client, folder, "b.txt", b"12345")
    assert refused.value.status_code == 413
    assert len(files(client, folder)) == 1
    put(client, folder, "a.txt", b"1234567890", duplicate_handling="replace")


async def test_the_async_client_uploads_too(async_client: AsyncLetta) -> None:
    folder = await async_client.folders.create(name="docs", embedding=EMBEDDING)

    file = checked(await async_client.folders.files.upload(folder.id, file=("a.txt", b"x")))

    assert [one.id async for one in async_client.folders.files.list(folder.id)] == [file.id]
    await async_client.folders.files.delete(file.id, folder_id=folder.id)
    assert [one async for one in async_client.folders.files.list(folder.id)] == []


def test_texts_are_cut_into_passages(mock: MockLetta, client: Letta) -> None:
    folder = client.folders.create(name="docs", embedding=EMBEDDING, embedding_chunk_size=5)
    put(client, folder, "a.txt", b"One two three four. Five six seven eight nine ten.")
    path = f"{mock.base_url}/v1/folders/{folder.id}/passages"

    assert httpx.get(path).json() == []
    mock.clock.advance(PROCESSING)
    listed = httpx.get(path, params={"order": "asc"}).json()

    assert [one["text"] for one in listed] == [
        "One two three four.",
        "Five six seven",
        "eight nine ten.",
    ]
    assert {(one["file_name"], len(one["embedding"])) for one in listed} == {("docs/a.txt", 1536)}
    assert files(client, folder)[0].total_chunks == 3
    assert httpx.get(path, params={"order": "asc"}).json() == listed
    assert [one["text"] for one in httpx.get(path, params={"limit": 1}).json()] == [
        "eight nine ten."
    ]


def test_statistics_count_files_and_bytes(mock: MockLetta, client: Letta, folder: Folder) -> None:
    file = client.folders.files.upload(folder.id, file=("a.txt", b"12345"))
    path = f"{mock.base_url}/v1/folders/metadata"
    total = {"total_sources": 1, "total_files": 1, "total_size": 5}

    assert httpx.get(path).json() == {**total, "sources": []}
    detailed = httpx.get(path, params={"include_detailed_per_source_metadata": True}).json()
    assert detailed == {
        **total,
        "sources": [
            {
                "source_id": folder.id,
                "source_name": "docs",
                "file_count": 1,
                "total_size": 5,
                "files": [{"file_id": file.id, "file_name": "docs/a.txt", "file_size": 5}],
            }
        ],
    }

"""Uploads as forms: what of them the journal shows, and bad ones."""

import httpx
import pytest
from letta_client import APIStatusError, Letta
from letta_client.types import Folder

from mockletta.journal.entry_json import document
from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Connect

EMBEDDING = "openai/text-embedding-3-small"


@pytest.fixture
def folder(client: Letta) -> Folder:
    return client.folders.create(name="docs", embedding=EMBEDDING)


def test_bad_forms_are_refused(mock: MockLetta, folder: Folder) -> None:
    path = f"{mock.base_url}/v1/folders/{folder.id}/upload"
    kind = {"content-type": "multipart/form-data; boundary=b"}

    assert httpx.post(path).json()["detail"] == (
        "[{'type': 'missing', 'loc': ('body', 'file'), 'msg': 'Field required', 'input': None}]"
    )
    assert httpx.post(path, data={"file": "x"}).status_code == 422
    assert httpx.post(path, content=b"--b\r\n", headers=kind).json() == {
        "detail": "Multipart data ends before its closing boundary."
    }


def test_a_body_has_a_limit(connect: Connect) -> None:
    client = connect(max_body=2_000)
    folder = client.folders.create(name="docs", embedding=EMBEDDING)

    with pytest.raises(APIStatusError, match="larger than the limit of 2000 bytes") as refused:
        client.folders.files.upload(folder.id, file=("a.txt", b"x" * 2_000))
    assert refused.value.status_code == 413


def test_the_journal_shows_what_was_uploaded(
    mock: MockLetta, client: Letta, folder: Folder
) -> None:
    client.folders.files.upload(folder.id, file=("a.txt", b"Hello"))
    client.folders.files.upload(folder.id, file=("long.txt", b"Hello" * 2_000))
    httpx.post(f"{mock.base_url}/v1/folders/{folder.id}/upload")

    sent = {"filename": "a.txt", "content_type": "text/plain", "size": 5, "content": "Hello"}
    mock.journal.expect("folders.files.upload", times=1, file=sent)
    mock.journal.expect("folders.files.upload", times=1, file__filename="long.txt")
    first, second, third = (document(entry) for entry in list(mock.journal)[-3:])
    assert (first["body"], first["cut"]) == ({"file": sent}, [])
    assert str(second["body"]).startswith("--")
    assert (second["cut"], third["body"]) == (["body"], None)

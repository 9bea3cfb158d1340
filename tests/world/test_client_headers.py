"""Who is asking, by the headers [41, 68]."""

import pytest

from mockletta.world.client_headers import OTHER, Client, ClientHeaders, read_headers

VERSION = b"x-stainless-package-version"

SDK_V1 = Client(is_sdk_v1=True)


@pytest.mark.parametrize(
    ("version", "client"),
    [
        (b"1.12.1", SDK_V1),
        (b"1.0.0", SDK_V1),
        (b"2.0.0a1", SDK_V1),
        (b"10.1", SDK_V1),
        (b"0.1.0", OTHER),
        (b"", OTHER),
        (b"latest", OTHER),
    ],
)
def test_a_client_is_known_by_the_version_of_its_sdk(version: bytes, client: Client) -> None:
    assert read_headers([(VERSION, version)]) == ClientHeaders(client)


def test_a_client_without_a_version_is_another() -> None:
    assert read_headers([(b"host", b"localhost")]) == ClientHeaders(OTHER, host=b"localhost")


def test_the_content_type_is_read_too() -> None:
    headers = [(b"content-type", b"text/plain"), (VERSION, b"1.0")]

    assert read_headers(headers) == ClientHeaders(SDK_V1, "text/plain")


def test_any_well_formed_user_is_welcome() -> None:
    user = b"user-00000000-0001-4000-8000-000000000000"

    assert read_headers([(b"user_id", user)]) == ClientHeaders(OTHER)


def test_a_malformed_user_is_noticed() -> None:
    assert read_headers([(b"user_id", b"nope")]) == ClientHeaders(malformed_user="nope")


@pytest.mark.parametrize(
    "header",
    [(b"authorization", b"Bearer sk-let-1"), (b"x-bare-password", b"password sk-let-1")],
)
def test_a_key_comes_in_either_header(header: tuple[bytes, bytes]) -> None:
    assert read_headers([header]) == ClientHeaders(
        key="sk-let-1", shown_key="sk…", key_mark=hash("sk-let-1"), keys=("sk-let-1",)
    )


def test_a_request_can_ask_for_a_fault_and_a_pace_of_its_own() -> None:
    headers = [(b"x-mockletta-fault", b"status=503"), (b"x-mockletta-pace", b"ttft=1")]

    assert read_headers(headers) == ClientHeaders(fault="status=503", pace="ttft=1")


@pytest.mark.parametrize(
    ("headers", "project"),
    [
        ([], None),
        ([(b"x-project", b"shop")], "shop"),
        ([(b"x-project-id", b"p-1"), (b"x-project", b"shop")], "p-1"),
        ([(b"x-project", b"")], None),
    ],
)
def test_a_client_works_on_the_project_it_names(
    headers: list[tuple[bytes, bytes]], project: str | None
) -> None:
    assert read_headers(headers).client.project == project


@pytest.mark.parametrize(
    ("headers", "keys"),
    [
        ([(b"authorization", b"Bearer sk-1")], ("sk-1",)),
        ([(b"authorization", b"sk-1")], ()),
        ([(b"authorization", b"password sk-1")], ()),
        ([(b"authorization", b"Bearer ")], ()),
        ([(b"x-bare-password", b"password sk-1")], ("sk-1",)),
        ([(b"x-bare-password", b"Bearer sk-1")], ()),
        (
            [(b"authorization", b"Bearer sk-1"), (b"x-bare-password", b"password sk-2")],
            ("sk-2", "sk-1"),
        ),
    ],
)
def test_a_key_that_lets_in_has_the_scheme_of_its_header(
    headers: list[tuple[bytes, bytes]], keys: tuple[str, ...]
) -> None:
    assert read_headers(headers).keys == keys

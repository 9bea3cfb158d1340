"""How a handler's arguments are made from a request, and what is told of wrong ones."""

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from mockletta.errors import Conflict, Invalid
from mockletta.http.endpoints import MOST_BODIES, MOST_QUERIES, SHORT, Endpoint
from mockletta.http.path_patterns import NamedId
from mockletta.http.routing import Request
from mockletta.wire.folders import Upload, UploadedFile

ThingId = Annotated[str, NamedId("^thing-[0-9]+$", "thing")]
World = list[str]


class Query(BaseModel):
    limit: int = 50
    order: Literal["asc", "desc"] = "desc"
    tags: list[str] | None = None
    kind: str | None = Field(default=None, alias="type")


class Body(BaseModel):
    name: str
    size: float | None = None


class Form(BaseModel):
    file: UploadedFile
    tags: list[str] = []
    size: float = 1


class OwnRequest(Request):
    """A request with something more that handlers can name."""

    def __init__(self, query: bytes, content_type: str | None, project: str | None) -> None:
        self.method = "GET"
        self.query_string = query
        self.content_type = content_type
        self.project = project
        self.world: World = []


def request_of(
    query: bytes = b"",
    body: bytes = b"",
    content_type: str | None = None,
    project: str | None = None,
    **params: str,
) -> OwnRequest:
    request = OwnRequest(query, content_type, project)
    request.params, request.body = params, body
    return request


def list_things(world: World, query: Query) -> Query:
    return query


def make_thing(world: World, body: Body) -> Body:
    return body


def change_thing(world: World, thing_id: ThingId, query: Query, body: Body) -> None:
    world.append(thing_id)


def upload_thing(form: Form) -> Form:
    return form


def detail_of(error: Invalid) -> object:
    return error.body["detail"]


def test_a_handler_gets_the_world_and_the_path() -> None:
    def retrieve(world: World, thing_id: ThingId, part: str) -> tuple[World, str, str]:
        return world, thing_id, part

    endpoint = Endpoint("things.retrieve", retrieve, ["thing_id", "part"])
    request = request_of(thing_id="thing-1", part="lid")

    assert endpoint.call(request) == (request.world, "thing-1", "lid")


def test_a_handler_gets_every_attribute_of_the_request_that_it_names() -> None:
    def show(project: str, method: str) -> tuple[str, str]:
        return project, method

    assert Endpoint("things.show", show).call(request_of(project="p")) == ("p", "GET")


def test_what_is_called_before_a_handler_can_answer_instead() -> None:
    def refuse(request: OwnRequest) -> None:
        request.world.append("refused")
        raise Conflict("Not now")

    request = request_of(b"limit=x")
    with pytest.raises(Conflict):
        Endpoint("things.list", list_things, before=refuse).call(request)

    assert request.world == ["refused"]


def test_a_query_is_read_into_its_model() -> None:
    endpoint = Endpoint("things.list", list_things)
    request = request_of(b"limit=5&tags=a&tags=b%20c&type=lid&unknown=1&order=asc")

    assert endpoint.call(request) == Query(limit=5, order="asc", tags=["a", "b c"], type="lid")


def test_only_so_many_parsed_queries_are_kept() -> None:
    endpoint = Endpoint("things.list", list_things)
    first = endpoint.call(request_of(b"limit=0"))

    assert endpoint.call(request_of(b"limit=0")) is first
    for number in range(1, 2 * MOST_QUERIES):
        endpoint.call(request_of(b"limit=%d" % number))

    assert len(endpoint._queries) <= MOST_QUERIES
    assert endpoint.call(request_of(b"limit=0")) is not first


def test_only_so_many_parsed_bodies_are_kept() -> None:
    endpoint = Endpoint("things.create", make_thing)
    first = endpoint.call(request_of(body=b'{"name": "0"}'))

    assert endpoint.call(request_of(body=b'{"name": "0"}')) is first
    for number in range(1, 2 * MOST_BODIES):
        endpoint.call(request_of(body=b'{"name": "%d"}' % number))

    assert len(endpoint._bodies) <= MOST_BODIES
    assert endpoint.call(request_of(body=b'{"name": "0"}')) is not first


def test_a_long_body_is_not_kept() -> None:
    endpoint = Endpoint("things.create", make_thing)
    body = b'{"name": "%b"}' % (b"x" * SHORT)

    assert endpoint.call(request_of(body=body)) is not endpoint.call(request_of(body=body))


def test_a_kept_body_is_not_used_for_another_content_type_or_other_hosts() -> None:
    class LocalRequest(OwnRequest):
        hosts = frozenset({"localhost"})

    endpoint = Endpoint("things.create", make_thing)
    local = LocalRequest(b"", None, None)
    local.params, local.body = {}, b'{"name": "lid"}'
    first = endpoint.call(request_of(body=local.body))

    assert endpoint.call(local) is not first
    with pytest.raises(Invalid):
        endpoint.call(request_of(body=local.body, content_type="text/plain"))


def test_of_a_repeated_parameter_the_last_counts() -> None:
    endpoint = Endpoint("things.list", list_things)

    assert endpoint.call(request_of(b"limit=1&limit=2")) == Query(limit=2)


def test_no_query_is_all_defaults() -> None:
    endpoint = Endpoint("things.list", list_things)

    assert endpoint.call(request_of()) == Query()


def test_a_query_keeps_empty_values() -> None:
    endpoint = Endpoint("things.list", list_things)

    assert endpoint.call(request_of(b"type=&tags=")) == Query(type="", tags=[""])


def test_a_query_in_utf_8_is_read() -> None:
    endpoint = Endpoint("things.list", list_things)

    assert endpoint.call(request_of(b"type=gr%C3%BCn")) == Query(type="grün")


def test_a_wrong_query_is_told_with_its_place() -> None:
    endpoint = Endpoint("things.list", list_things)

    with pytest.raises(Invalid) as refused:
        endpoint.call(request_of(b"order=up"))

    assert refused.value.body == {
        "trace_id": "",
        "detail": "[{'type': 'literal_error', 'loc': ('query', 'order'), "
        "'msg': \"Input should be 'asc' or 'desc'\", 'input': 'up', "
        "'ctx': {'expected': \"'asc' or 'desc'\"}}]",
    }


def test_a_body_is_read_into_its_model() -> None:
    endpoint = Endpoint("things.create", make_thing)

    assert endpoint.call(request_of(body=b'{"name": "x", "more": 1}')) == Body(name="x")


@pytest.mark.parametrize("body", [b"", b"null"])
def test_a_body_that_must_be_there_is_missed(body: bytes) -> None:
    endpoint = Endpoint("things.create", make_thing)

    with pytest.raises(Invalid) as refused:
        endpoint.call(request_of(body=body, content_type="application/json"))

    assert detail_of(refused.value) == (
        "[{'type': 'missing', 'loc': ('body',), 'msg': 'Field required', 'input': None}]"
    )


@pytest.mark.parametrize("body", [b"", b"null"])
def test_a_body_that_may_be_missing_is_none(body: bytes) -> None:
    def make(world: World, body: Body | None = None) -> Body | None:
        return body

    endpoint = Endpoint("things.create", make)

    assert endpoint.call(request_of(body=body)) is None


def test_a_body_that_is_not_json_is_told_as_the_bytes_it_is() -> None:
    endpoint = Endpoint("things.create", make_thing)

    with pytest.raises(Invalid) as refused:
        endpoint.call(request_of(body=b"name=x", content_type="text/plain"))

    assert detail_of(refused.value) == (
        "[{'type': 'model_attributes_type', 'loc': ('body',), 'msg': 'Input should be a valid "
        "dictionary or object to extract fields from', 'input': b'name=x'}]"
    )


def test_path_query_and_body_are_all_checked_before_any_error_is_told() -> None:
    endpoint = Endpoint("things.update", change_thing, ["thing_id"])
    request = request_of(b"limit=x", b"{}", thing_id="nope")

    with pytest.raises(Invalid) as refused:
        endpoint.call(request)

    assert str(detail_of(refused.value)).count("'type': ") == 3
    assert refused.value.body["examples"] == ["thing-123e4567-e89b-42d3-8456-426614174000"]
    assert request.world == []


def test_an_endpoint_knows_whether_it_has_a_body() -> None:
    assert Endpoint("things.create", make_thing).has_body
    assert not Endpoint("things.list", list_things).has_body


MULTIPART = "multipart/form-data; boundary=b"


def test_a_form_is_read_into_its_model() -> None:
    endpoint = Endpoint("things.upload", upload_thing)
    parts = [
        b'name="tags"\r\n\r\na',
        b'name="tags"\r\n\r\nb',
        b'name="size"\r\n\r\n1',
        b'name="size"\r\n\r\n2.5',
        b'name="file"; filename="lid.txt"\r\n\r\nround',
    ]
    body = b"".join(b"--b\r\nContent-Disposition: form-data; %b\r\n" % part for part in parts)

    assert endpoint.has_body
    assert endpoint.call(request_of(body=body + b"--b--", content_type=MULTIPART)) == Form(
        file=Upload("lid.txt", None, b"round"), tags=["a", "b"], size=2.5
    )


@pytest.mark.parametrize("content_type", [None, "application/json"])
def test_a_file_that_must_be_there_is_missed(content_type: str | None) -> None:
    endpoint = Endpoint("things.upload", upload_thing)

    with pytest.raises(Invalid) as refused:
        endpoint.call(request_of(body=b"{}", content_type=content_type))

    assert detail_of(refused.value) == (
        "[{'type': 'missing', 'loc': ('body', 'file'), 'msg': 'Field required', 'input': None}]"
    )


def test_a_text_is_no_file() -> None:
    endpoint = Endpoint("things.upload", upload_thing)
    content_type = "application/x-www-form-urlencoded"

    with pytest.raises(Invalid) as refused:
        endpoint.call(request_of(body=b"file=round&size=big", content_type=content_type))

    assert detail_of(refused.value) == (
        "[{'type': 'value_error', 'loc': ('body', 'file'), "
        "'msg': \"Value error, Expected UploadFile, received: <class 'str'>\", 'input': 'round', "
        "'ctx': {'error': ValueError(\"Expected UploadFile, received: <class 'str'>\")}}, "
        "{'type': 'float_parsing', 'loc': ('body', 'size'), 'msg': "
        "'Input should be a valid number, unable to parse string as a number', 'input': 'big'}]"
    )

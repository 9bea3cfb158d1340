"""Random bytes on connections: the server closes them or answers, and goes on."""

import socket
from contextlib import suppress
from random import Random

import httpx

HEALTH = b"GET /v1/health/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
BLOCK = b'{"label":"a","value":"b"}'
POST = b"POST /v1/blocks/ HTTP/1.1\r\nHost: localhost\r\n"
FORM = b'--X\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nb\r\n--X--\r\n'
UPLOAD = b"POST /v1/folders/x/upload HTTP/1.1\r\nHost: localhost\r\n"
MULTIPART = b"Content-Type: multipart/form-data; boundary=X\r\n"
REQUESTS = (
    HEALTH,
    b"%bContent-Length: %d\r\n\r\n%b" % (POST, len(BLOCK), BLOCK),
    b"%bTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (POST, len(BLOCK), BLOCK),
    b"%b%bContent-Length: %d\r\n\r\n%b" % (UPLOAD, MULTIPART, len(FORM), FORM),
    b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
)
NOISE = (b"\r\n", b"\0", b"\xff", b":", b" ", b"%", b"9" * 30, b"-1", b"Expect: 100-continue\r\n")


def attack_connections(base_url: str, rng: Random, rounds: int) -> list[str]:
    """Send mutated requests, one after another or many at once, and leave at any time."""
    url = httpx.URL(base_url)
    for _ in range(rounds):
        with suppress(OSError), socket.create_connection((url.host, url.port or 80), 5) as client:
            client.settimeout(0.2)
            for _ in range(rng.choice((1, 1, 3, 20))):
                client.sendall(_mutated(rng, rng.choice(REQUESTS)))
            if rng.random() < 0.5:
                client.recv(65_536)
    with httpx.Client(base_url=base_url, timeout=10) as http:
        status = http.get("/v1/health/").status_code
    return [] if status == 200 else [f"after random bytes, health is {status}"]


def _mutated(rng: Random, request: bytes) -> bytes:
    data = bytearray(request)
    for _ in range(rng.choice((0, 1, 2, 8))):
        place = rng.randrange(len(data) + 1)
        match rng.randrange(3):
            case 0:
                data[place:place] = rng.choice(NOISE)
            case 1:
                del data[place : place + rng.randrange(1, 9)]
            case _:
                data[place : place + 1] = bytes([rng.randrange(256)])
    return bytes(data)

"""Writes a HAProxy configuration for a fleet of mockletta servers.

    python -m deploy.haproxy mockletta-1:8283 mockletta-2:8283 > haproxy.cfg

A world lives in one server, and an API key names its world. So the proxy hashes the key of each
request, consistently: adding a fourth server moves a quarter of the keys. Requests without a key go
to one fixed server.

Only the standard library is needed. `haproxy -c -f haproxy.cfg` checks the result.
"""

import argparse
from collections.abc import Sequence

KEY_HEADERS = {"x-bare-password": "password", "authorization": "bearer"}
"""The headers with a key, and the scheme before it. The last one counts."""
ON_LOSS = {
    # A server that refuses connections is lost at once: its keys move to the others. One that is
    # only busy keeps its keys, since its worlds would be lost for them: checks are patient.
    "move": """\
    option redispatch 1
    retries 3
    option httpchk
    http-check send meth GET uri /v1/health/
    timeout check 10s
    default-server check inter 1s fall 5 rise 1 observe layer4 error-limit 2 on-error mark-down
""",
    # Keys never move: requests wait for their own server, which comes back with its state.
    "wait": """\
    no option redispatch
    retries 60
    retry-on conn-failure
""",
}


def configuration(
    servers: Sequence[str],
    *,
    bind: str = ":8283",
    on_loss: str = "move",
    admin_socket: str | None = None,
    stats: str | None = None,
    names_change: bool = False,
    threads: int | None = None,
) -> str:
    """Return the configuration. `servers` are addresses, each with a name of its own by its place:
    to keep the keys where they are, add new ones at the end.

    `on_loss` is what happens to the keys of a server that is lost: "move" or "wait". `stats` is
    where HAProxy shows its own metrics for Prometheus. If `names_change`, the names of servers are
    resolved again and again, as containers need it. HAProxy runs so many `threads`, by default one
    for each core.
    """
    names = " resolvers dns init-addr libc,none" if names_change else ""
    named = [
        f"    server mockletta-{number} {address}{names}"
        for number, address in enumerate(servers, 1)
    ]
    return "\n".join(
        [
            "# Written by deploy/haproxy.py",
            "global",
            "    # The number of connections follows from the limit of open files (ulimit -n).",
            *([f"    nbthread {threads}"] if threads else []),
            *([f"    stats socket {admin_socket} mode 600 level admin"] if admin_socket else []),
            "",
            *(["resolvers dns", "    parse-resolv-conf", ""] if names_change else []),
            "defaults",
            "    mode http",
            "    timeout connect 5s",
            "    timeout http-request 60s",
            "    timeout http-keep-alive 75s",
            "    # A stream may be silent for long: mockletta sends its own pings.",
            "    timeout client 1h",
            "    timeout server 1h",
            "",
            "frontend api",
            f"    bind {bind}",
            "    http-request set-var(txn.key) str(none)",
            *map(_read_key, *zip(*KEY_HEADERS.items(), strict=True)),
            "    default_backend mockletta",
            "",
            *(_stats(stats) if stats else []),
            "backend mockletta",
            "    balance hash var(txn.key)",
            "    hash-type consistent sdbm avalanche",
            ON_LOSS[on_loss].rstrip(),
            *named,
            "",
        ]
    )


def _read_key(header: str, scheme: str) -> str:
    found = f"if {{ req.hdr({header}) -m found }}"
    key = f'req.hdr({header}),regsub("^{scheme} +","",i)'
    return f"    http-request set-var(txn.key) {key} {found}"


def _stats(bind: str) -> list[str]:
    service = "    http-request use-service prometheus-exporter if { path /metrics }"
    return ["frontend stats", f"    bind {bind}", service, ""]


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a HAProxy configuration for a fleet.")
    parser.add_argument("servers", nargs="+", metavar="HOST:PORT")
    parser.add_argument("--bind", default=":8283", help="where clients connect")
    parser.add_argument("--on-loss", choices=sorted(ON_LOSS), default="move")
    parser.add_argument("--stats", help="where HAProxy shows its own metrics")
    parser.add_argument("--names-change", action="store_true", help="resolve names again")
    parser.add_argument("--threads", type=int, help="threads of HAProxy, by default all cores")
    parser.add_argument("--admin-socket", help="a path, for changes while it runs")
    given = parser.parse_args()
    text = configuration(
        given.servers,
        bind=given.bind,
        on_loss=given.on_loss,
        admin_socket=given.admin_socket,
        stats=given.stats,
        names_change=given.names_change,
        threads=given.threads,
    )
    print(text, end="")


if __name__ == "__main__":
    main()

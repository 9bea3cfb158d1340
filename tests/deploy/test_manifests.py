"""The files of deploy/: current, valid, and about the options that the server has."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.haproxy import configuration
from mockletta.cli import main
from tests.environment import needs_program, program

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())
KUBERNETES = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "mockletta.yaml").read_text()))
SERVERS = {
    "compose": [f"mockletta-{number}:8283" for number in (1, 2, 3)],
    "kubernetes": [
        f"mockletta-{number}.mockletta-servers.default.svc.cluster.local:8283"
        for number in range(3)
    ],
}


def container(kind: str) -> dict[str, Any]:
    resource = next(one for one in KUBERNETES if one["kind"] == kind)
    found: dict[str, Any] = resource["spec"]["template"]["spec"]["containers"][0]
    return found


@pytest.mark.parametrize("place", SERVERS)
def test_a_configuration_is_as_it_would_be_written_now(place: str) -> None:
    written = configuration(SERVERS[place], stats=":8404", names_change=True)

    assert (DEPLOY / place / "haproxy.cfg").read_text() == written


@needs_program("haproxy")
@pytest.mark.parametrize("on_loss", ["move", "wait"])
def test_a_configuration_is_valid(tmp_path: Path, on_loss: str) -> None:
    file = tmp_path / "haproxy.cfg"
    text = configuration(
        ["127.0.0.1:1", "127.0.0.1:2"],
        on_loss=on_loss,
        stats=":8404",
        names_change=True,
        admin_socket=str(tmp_path / "socket"),
        threads=1,
    )
    file.write_text(text)

    command = [program("haproxy"), "-c", "-f", str(file)]
    subprocess.run(command, check=True, capture_output=True)


@pytest.mark.parametrize(
    "arguments",
    [COMPOSE["x-server"]["command"], container("StatefulSet")["args"]],
    ids=["compose", "kubernetes"],
)
def test_servers_are_started_with_options_that_exist(arguments: list[str]) -> None:
    command = main.get_command(None, "serve")  # type: ignore[arg-type]
    assert command is not None
    known = {name for parameter in command.params for name in parameter.opts}

    assert {one for one in arguments if one.startswith("--")} <= known


def test_all_services_of_compose_are_servers_or_the_proxy() -> None:
    names = [address.partition(":")[0] for address in SERVERS["compose"]]

    assert sorted(COMPOSE["services"]) == [*names, "proxy"]
    assert COMPOSE["services"]["proxy"]["depends_on"] == names


def test_selectors_of_kubernetes_select_the_pods_of_their_part() -> None:
    pods = [
        one["spec"]["template"]["metadata"]["labels"]
        for one in KUBERNETES
        if one["kind"] in ("StatefulSet", "Deployment")
    ]
    for one in KUBERNETES:
        selector = one["spec"]["selector"]
        wanted = selector.get("matchLabels", selector)
        assert sum(wanted.items() <= labels.items() for labels in pods) == 1


def test_panels_of_the_dashboard_show_metrics_that_exist() -> None:
    text = (DEPLOY / "grafana" / "dashboard.json").read_text()
    shown = Path(DEPLOY.parent / "mockletta" / "control" / "server_metrics.py").read_text()
    queries = [
        target["expr"] for panel in json.loads(text)["panels"] for target in panel["targets"]
    ]

    assert queries
    for query in queries:
        words = query.replace("(", " ").replace("[", " ").replace("{", " ").split()
        for name in (word for word in words if word.startswith("mockletta_")):
            bare = (
                name.removesuffix("_total")
                .removesuffix("_bucket")
                .removeprefix("mockletta_")
                .rstrip(")")
            )
            assert f'"{bare}"' in shown or f'"mockletta_{bare}"' in shown, name

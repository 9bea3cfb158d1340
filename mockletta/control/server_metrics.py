"""Metrics of the server in the format of Prometheus, at /metrics.

The official client library writes them; it is an extra: `pip install 'mockletta[metrics]'`.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Annotated

from mockletta._version import __version__
from mockletta.control.control_dispatch import METRICS
from mockletta.errors import ApiError
from mockletta.http.rendering import Response
from mockletta.http.response_declarations import DeclaredResponse
from mockletta.http.routing import Routes
from mockletta.state.timers import Lateness
from mockletta.world.world import World
from mockletta.world.worlds import Worlds

if TYPE_CHECKING:
    from prometheus_client import Metric

routes = Routes(METRICS)


class NoMetrics(ApiError):
    """The library that writes metrics is not installed."""

    status = 501

    def __init__(self) -> None:
        super().__init__("Metrics need an extra: pip install 'mockletta[metrics]'")


@routes.get("", "control.metrics")
def read_metrics(worlds: Worlds) -> Annotated[Response, DeclaredResponse(str)]:
    """Show metrics of the server for Prometheus.

    They count requests, open streams, events and their lateness, worlds, memory and journals.
    """
    try:
        from prometheus_client import (  # noqa: PLC0415 - an extra
            CollectorRegistry,
            ProcessCollector,
            generate_latest,
        )
        from prometheus_client.exposition import CONTENT_TYPE_LATEST  # noqa: PLC0415
    except ImportError as error:
        raise NoMetrics from error
    registry = CollectorRegistry()
    registry.register(_Collector(worlds))
    ProcessCollector(registry=registry)
    kind = CONTENT_TYPE_LATEST.encode()
    return Response(200, [(b"content-type", kind)], generate_latest(registry))


class _Collector:
    """Reads the counts of a server when metrics are requested."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    def collect(self) -> "Iterator[Metric]":
        from prometheus_client.core import (  # noqa: PLC0415 - an extra
            CounterMetricFamily,
            GaugeMetricFamily,
            HistogramMetricFamily,
            InfoMetricFamily,
        )

        worlds, traffic = list(self._worlds), self._worlds.traffic
        yield InfoMetricFamily("mockletta", "The version", {"version": __version__})
        requests = CounterMetricFamily(
            "mockletta_requests",
            "Answered requests; status 0 means that the client left before the answer",
            labels=["operation", "status"],
        )
        for (operation, status), number in sorted(traffic.requests.items()):
            requests.add_metric([operation, str(status)], number)
        yield requests
        for name, text, number in (
            ("requests_in_progress", "Requests without a complete answer", traffic.in_progress),
            ("worlds", "Worlds: the main one and those of API keys", len(worlds)),
            ("runs_in_progress", "Turns in progress", sum(len(one.active) for one in worlds)),
            ("journal_bytes", "The size of all journals", sum(one.journal.bytes for one in worlds)),
        ):
            yield GaugeMetricFamily(f"mockletta_{name}", text, number)
        yield HistogramMetricFamily(
            "mockletta_stream_lateness_seconds",
            "How late events of paced streams were emitted",
            buckets=_buckets(worlds),
            sum_value=sum(one.clock.lateness.total for one in worlds),
        )
        for name, text, number in (
            ("stream_events", "Events of streams that have ended", traffic.events),
            ("journal_dropped", "Entries that journals have dropped", traffic.dropped),
        ):
            yield CounterMetricFamily(f"mockletta_{name}", text, number)


def _buckets(worlds: Sequence[World]) -> list[tuple[str, int]]:
    """Return the number of events that were late by at most each bound."""
    each_world = [one.clock.lateness.counts for one in worlds]
    counts = accumulate(map(sum, zip(*each_world, strict=True)))
    bounds = [*map(str, Lateness.BOUNDS), "+Inf"]
    return list(zip(bounds, counts, strict=True))

"""Alternating rounds of load on mockletta and the bare app, so that other load affects both."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from statistics import median

from bench.client import Client
from bench.load import Sample, run_load
from bench.operations import Operation
from bench.scale import Scale
from bench.servers import Server, bare

WARM_UP = 0.25
"""Seconds of unmeasured load on each side."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A measured operation, with one sample of each side per round."""

    name: str
    aim: float | None
    ours: list[Sample]
    bare: list[Sample]

    @property
    def rate(self) -> float:
        """The requests per second of mockletta, the median of the rounds."""
        return median(sample.rate for sample in self.ours)

    @property
    def bare_rate(self) -> float:
        """The requests per second of the bare app, the median of the rounds."""
        return median(sample.rate for sample in self.bare)

    @property
    def ratio(self) -> float:
        """Mockletta's share of the bare rate: the median of the rounds' ratios."""
        return median(a.rate / b.rate for a, b in zip(self.ours, self.bare, strict=True))

    @property
    def cpu_each(self) -> float:
        """The seconds of processor time that mockletta takes for a request."""
        return _cpu_seconds_each(self.ours)

    @property
    def bare_cpu_each(self) -> float:
        """The seconds of processor time that the bare app takes for a request."""
        return _cpu_seconds_each(self.bare)

    @property
    def cpu_ratio(self) -> float:
        """The ratio by the servers' processor time.

        It is steadier on a busy machine.
        """
        return self.bare_cpu_each / self.cpu_each

    @property
    def generator_busy(self) -> float:
        """The largest share of a core that the load generator used in a round."""
        return max(sample.busy for sample in self.ours + self.bare)

    def latency(self, share: float) -> float:
        """Return the latency in seconds that this share of mockletta's answers was under."""
        return percentile([sample.latencies for sample in self.ours], share)


def compare(operation: Operation, scale: Scale) -> Comparison:
    """Capture mockletta's answer, serve it from a bare app, and measure both under the same
    load."""
    with Client(operation.server.address) as client:
        answer = client.capture(operation.example)
    request = operation.example.encode()
    ours: list[Sample] = []
    constants: list[Sample] = []
    operation.server.wait_until_idle()
    with bare(answer) as yardstick:
        for seconds in (WARM_UP, *repeat(scale.seconds, scale.rounds)):
            plans = operation.plans(scale.connections, seconds)
            ours.append(_measured(operation.server, plans, seconds))
            plans = [repeat(request) for _ in range(scale.connections)]
            constants.append(_measured(yardstick, plans, seconds))
    return Comparison(operation.name, operation.aim, ours[1:], constants[1:])


def _measured(server: Server, plans: Sequence[Iterator[bytes]], seconds: float) -> Sample:
    before = server.cpu_seconds
    sample = run_load(server.address, plans, seconds)
    sample.server_cpu = server.cpu_seconds - before
    return sample


def _cpu_seconds_each(samples: Sequence[Sample]) -> float:
    total = sum(sample.server_cpu for sample in samples)
    return total / sum(len(sample.latencies) for sample in samples)


def percentile(latencies: Sequence[Iterable[float]], share: float) -> float:
    """Return the value at a share of the sorted latencies; 0.5 is the median."""
    in_order = sorted(latency for part in latencies for latency in part)
    return in_order[min(int(len(in_order) * share), len(in_order) - 1)]

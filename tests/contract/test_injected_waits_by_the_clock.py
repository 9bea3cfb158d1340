"""Waits that a fault asks for go by the world's clock."""

from tests.contract.conftest import Serve
from tests.contract.faulty_clients import ALL, Counter, Victim, listen


def test_with_a_frozen_clock_no_fault_takes_real_time(serve: Serve) -> None:
    victim = Victim(serve(brain=Counter()), listen)
    victim.mock.world.clock.freeze()
    for fault in ("delay=3600", "stall=3600 after_frames=2", "slow=0.1"):
        assert victim.hears(fault).kinds == ALL
    assert victim.has_fired

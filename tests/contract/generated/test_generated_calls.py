"""Every method of the SDK, called with every parameter and every variant of each, strictly.

A method whose operation is not imitated is refused with a 501 whatever it is called with; all
others answer every call as the SDK's types say, but for those of `refusals`.
"""

from operator import attrgetter

import pytest
from letta_client import (
    APIResponseValidationError,
    APIStatusError,
    AsyncStream,
    Stream,
)

from tests.contract.conftest import async_client_of
from tests.contract.generated.calls import calls_of, plain_calls_of
from tests.contract.generated.trials import Trial
from tests.contract.sdk import at_least

pytestmark = [
    pytest.mark.usefixtures("unmeasured"),
    pytest.mark.skipif(not at_least("1.12.1"), reason="an older SDK knows less of what is served"),
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning"),
]


def test_a_method_takes_every_variant_of_every_parameter(trial: Trial) -> None:
    method = attrgetter(trial.operation)(trial.client)
    for call in trial.calls(method, plain_calls_of, calls_of):
        try:
            answer = method(**call.arguments)
            trial.answered(call, list(answer) if isinstance(answer, Stream) else answer)
        except (APIStatusError, APIResponseValidationError, AssertionError) as error:
            trial.failed(call, error)
    trial.assert_nothing_wrong()
    trial.assert_all_refusals_met()


async def test_a_method_of_the_async_client_takes_every_parameter(trial: Trial) -> None:
    async with async_client_of(trial.mock) as client:
        method = attrgetter(trial.operation)(client)
        for call in trial.calls(method, plain_calls_of):
            try:
                answer = await method(**call.arguments)
                events = isinstance(answer, AsyncStream)
                trial.answered(call, [one async for one in answer] if events else answer)
            except (APIStatusError, APIResponseValidationError, AssertionError) as error:
                trial.failed(call, error)
    trial.assert_nothing_wrong()

"""Random programs of several clients beside a model of what they leave, with faults and kills."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)
from letta_client import APIStatusError, Letta

from mockletta.files.id_references import dangling
from mockletta.files.state_file import StateFile
from mockletta.testing.mock_letta import MockLetta
from tests.contract.sdk import needs
from tests.contract.talk import MODEL
from tests.environment import amount

PAGE = 3
CLIENTS = 3


class Programs(RuleBasedStateMachine):
    """Agents with blocks and messages. The sets are what the server should have."""

    agents: Bundle[str] = Bundle("agents")
    blocks: Bundle[str] = Bundle("blocks")

    def __init__(self) -> None:
        super().__init__()
        self.resources = ExitStack()
        folder = self.resources.enter_context(tempfile.TemporaryDirectory())
        self.path = str(Path(folder) / "state")
        self.running = ExitStack()
        self.names: dict[str, str] = {}
        self.block_ids: list[str] = []
        self.links: set[tuple[str, str]] = set()
        self.said: dict[str, list[str]] = {}
        self.start()

    def start(self) -> None:
        mock = self.mock = self.running.enter_context(MockLetta(port=None))
        file = self.running.enter_context(StateFile(self.path, sync="never", least_growth=20_000))
        file.attach(mock.world)
        self.client: Letta = self.running.enter_context(mock.client())
        self.others = [self.running.enter_context(mock.client()) for _ in range(CLIENTS)]

    @rule()
    def restart(self) -> None:
        """Start again from a copy of the file, as after a kill: nothing is closed before."""
        content = Path(self.path).read_bytes()
        self.running.close()
        Path(self.path).write_bytes(content)
        self.running = ExitStack()
        self.start()

    @initialize(target=agents)
    def begin_with_an_agent(self) -> str:
        return self._agent("Ada")

    @initialize(target=blocks)
    def begin_with_a_block(self) -> str:
        return self._block("human")

    @rule(target=agents, name=st.sampled_from(["Ada", "Bea", "Cleo"]))
    def create_agent(self, name: str) -> str:
        return self._agent(name)

    def _agent(self, name: str) -> str:
        agent = self.client.agents.create(model=MODEL, name=name, include_base_tools=False)
        self.names[agent.id] = name
        self.said[agent.id] = []
        return agent.id

    @rule(agent=agents, name=st.sampled_from(["Ada", "Dora"]))
    def rename_agent(self, agent: str, name: str) -> None:
        self.client.agents.update(agent, name=name)
        self.names[agent] = name

    @rule(agent=consumes(agents))
    def delete_agent(self, agent: str) -> None:
        self.client.agents.delete(agent)
        del self.names[agent], self.said[agent]
        self.links = {link for link in self.links if link[0] != agent}

    @rule(target=blocks, label=st.sampled_from(["human", "persona", "notes"]))
    def create_block(self, label: str) -> str:
        return self._block(label)

    def _block(self, label: str) -> str:
        block = self.client.blocks.create(label=f"{label}-{len(self.block_ids)}", value="v")
        self.block_ids.append(block.id)
        return block.id

    @rule(block=consumes(blocks))
    def delete_block(self, block: str) -> None:
        self.client.blocks.delete(block)
        self.block_ids.remove(block)
        self.links = {link for link in self.links if link[1] != block}

    @rule(agent=agents, block=blocks)
    def attach(self, agent: str, block: str) -> None:
        self.client.agents.blocks.attach(block, agent_id=agent)
        self.links.add((agent, block))

    @rule(agent=agents, block=blocks)
    def detach(self, agent: str, block: str) -> None:
        if (agent, block) in self.links:
            self.client.agents.blocks.detach(block, agent_id=agent)
            self.links.remove((agent, block))

    @rule(agent=agents, text=st.sampled_from(["Hello!", "My name is Ann.", "What is 2 + 2?"]))
    def send(self, agent: str, text: str) -> None:
        self.client.agents.messages.create(agent, input=text)
        self.said[agent].append(text)

    @rule(name=st.sampled_from(["Ada", "Bea"]))
    def fail_to_create_an_agent(self, name: str) -> None:
        self.mock.faults.add("agents.create", status=503, times=1)
        with pytest.raises(APIStatusError):
            self.client.with_options(max_retries=0).agents.create(model=MODEL, name=name)

    @rule(target=agents, name=st.sampled_from(["Ada", "Cleo"]))
    def clients_work_at_once(self, name: str) -> MultipleResults[str]:
        """Each client creates an agent and sends to it; one of them also lists all agents."""

        def work(client: Letta) -> str:
            agent = client.agents.create(model=MODEL, name=name, include_base_tools=False)
            client.agents.messages.create(agent.id, input="Hello!")
            listed = [one.id for one in client.agents.list(limit=PAGE, order="asc")]
            assert len(listed) == len(set(listed))
            assert {agent.id, *there} <= set(listed)
            return agent.id

        there = set(self.names)
        with ThreadPoolExecutor(CLIENTS) as pool:
            made = list(pool.map(work, self.others))
        for agent in made:
            self.names[agent] = name
            self.said[agent] = ["Hello!"]
        return multiple(*made)

    @rule(order=st.sampled_from(["asc", "desc"]), name=st.sampled_from(["Ada", "Dora"]))
    def list_while_others_write(self, order: Literal["asc", "desc"], name: str) -> None:
        there, found = set(self.names), list[str]()
        for agent in self.client.agents.list(limit=1, order=order):
            if not found:
                self.others[0].agents.update(agent.id, name=name)
                self.names[agent.id] = name
                self._agent("Bea")
            found.append(agent.id)
        assert len(found) == len(set(found))
        assert there <= set(found)

    @invariant()
    def no_id_dangles(self) -> None:
        world = self.mock.world
        assert list(world.run(lambda: list(dangling(world.store, world.active)))) == []

    @invariant()
    def lists_are_complete_from_both_ends(self) -> None:
        for order in ("asc", "desc"):
            found = [one.id for one in self.client.agents.list(limit=PAGE, order=order)]
            assert sorted(found) == sorted(self.names)
            blocks = [one.id for one in self.client.blocks.list(limit=PAGE, order=order)]
            assert blocks == (self.block_ids if order == "asc" else self.block_ids[::-1])

    @invariant()
    def names_find_their_agents(self) -> None:
        for name in ("Ada", "Dora"):
            found = {one.id for one in self.client.agents.list(name=name)}
            assert found == {agent for agent, given in self.names.items() if given == name}

    @invariant()
    def links_are_the_same_from_both_sides(self) -> None:
        from_agents = {
            (agent, block.id)
            for agent in self.names
            for block in self.client.agents.blocks.list(agent)
        }
        from_blocks = {
            (agent.id, block)
            for block in self.block_ids
            for agent in self.client.blocks.agents.list(block)
        }
        assert from_agents == from_blocks == self.links

    @invariant()
    def what_was_said_is_there_in_order(self) -> None:
        for agent, said in self.said.items():
            messages = list(self.client.agents.messages.list(agent, limit=PAGE, order="asc"))
            times = [message.date for message in messages]
            assert times == sorted(times)
            texts = [one.content for one in messages if one.message_type == "user_message"]
            assert texts == said

    @invariant()
    def every_run_is_over(self) -> None:
        runs = list(self.client.runs.list())
        assert {run.agent_id for run in runs} <= self.names.keys()
        assert {run.status for run in runs} <= {"completed"}

    def teardown(self) -> None:
        self.running.close()
        self.resources.close()


@needs("agents.blocks.attach")
def test_random_programs_leave_what_they_should() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Programs,
        settings=settings(
            max_examples=amount(3, nightly=40),
            stateful_step_count=20,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],  # shrinking a failure would take minutes
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )

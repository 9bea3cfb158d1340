"""The values that stand for those which no server takes."""

from .values import UUID, with_values


def test_names_of_ids_become_ids_and_nothing_is_skipped() -> None:
    source = (
        '    @pytest.mark.skip(reason="Mock server tests are disabled")\n'
        '    client.runs.retrieve(\n        "run_id",\n    )\n'
        '    client.agents.export_file(agent_id="agent_id", after="after")\n'
    )
    assert with_values(source) == (
        f'    client.runs.retrieve(\n        "run-{UUID}",\n    )\n'
        f'    client.agents.export_file(agent_id="agent-{UUID}", after="after")\n'
    )


def test_a_file_is_one_that_the_method_takes() -> None:
    source = 'client.folders.files.upload(folder_id="x", file=b"Example data")'
    assert '("example.txt", b"Example data")' in with_values(source)

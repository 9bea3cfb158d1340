"""The tool that searches an agent's files by meaning: here, by words."""

from mockletta.search.bm25 import best_first, scores
from mockletta.tools.file_grep import NO_FILES
from mockletta.tools.file_text import passages_of
from mockletta.tools.open_files import files_of, note_access
from mockletta.wire.agents import AgentState
from mockletta.world.world import World

DEFAULT_RESULTS = 5
MOST_RESULTS = 100


def semantic_search_files(
    world: World, agent: AgentState, /, query: str, limit: int | None = None
) -> str:
    """Show the passages nearest to a query, nearest first; none that shares no word with it."""
    if not query.strip():
        raise ValueError("Empty search query provided")
    passages = [
        (record, file.name, number, text)
        for record, file in files_of(world, agent.id)
        for number, text in enumerate(
            passages_of(file.text, world.store.folders.get(file.folder_id).chunk_size), 1
        )
    ]
    if not passages:
        return NO_FILES
    most = min(max(DEFAULT_RESULTS if limit is None else limit, 1), MOST_RESULTS)
    scored = scores(query, [text for *_, text in passages])
    found = [passages[place] for place in best_first(scored)[:most] if scored[place] > 0]
    if not found:
        return f"No semantic matches found in attached files for query: '{query}'"
    note_access(world, agent, {record.id: record for record, *_ in found}.values())
    names = {name for _, name, *_ in found}
    head = f"Found {len(found)} semantic matches in {len(names)} file(s) for query: '{query}'"
    shown = [f"=== {name} (passage #{number}) ===\n{text}" for _, name, number, text in found]
    return "\n\n".join([head, *shown])

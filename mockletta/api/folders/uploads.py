"""Uploads, shows and deletes the files of folders."""

import posixpath
from itertools import chain, count

from mockletta.errors import USER_ID, ApiError, InvalidArgument
from mockletta.state.ids import Ids
from mockletta.state.stored_files import MOST_BYTES, PROCESSING, FileRecord
from mockletta.tools.agent_files.chunking import cut_into_passages
from mockletta.tools.agent_files.open_files import add_file, show_whole
from mockletta.wire.archives import Passage
from mockletta.wire.folders import DuplicateHandling, FileMetadata, Folder, Upload
from mockletta.world.world import World

PDF = "application/pdf"
UNKNOWN = "unknown"
_TEXTS = {
    "txt": "text/plain",
    "md": "text/x-markdown",
    "markdown": "text/x-markdown",
    "rst": "text/x-rst",
    "tex": "text/x-tex",
    "log": "text/plain",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "xml": "application/xml",
    "yaml": "application/x-yaml",
    "yml": "application/x-yaml",
    "toml": "application/toml",
    "ini": "text/x-ini",
    "cfg": "text/x-ini",
    "conf": "text/x-ini",
    "html": "text/html",
    "htm": "text/html",
    "css": "text/css",
    "scss": "text/x-scss",
    "sass": "text/x-sass",
    "less": "text/x-less",
    "py": "text/x-python",
    "js": "text/javascript",
    "jsx": "text/jsx",
    "ts": "text/x-typescript",
    "tsx": "text/x-typescript",
    "vue": "text/x-vue",
    "java": "text/x-java-source",
    "kt": "text/x-kotlin",
    "scala": "text/x-scala",
    "c": "text/x-c",
    "h": "text/x-c",
    "cc": "text/x-c++",
    "cpp": "text/x-c++",
    "cxx": "text/x-c++",
    "hpp": "text/x-c++",
    "cs": "text/x-csharp",
    "go": "text/x-go",
    "rs": "text/x-rust",
    "rb": "text/x-ruby",
    "php": "text/x-php",
    "swift": "text/x-swift",
    "r": "text/x-r",
    "lua": "text/x-lua",
    "pl": "text/x-perl",
    "sql": "text/x-sql",
    "sh": "text/x-shellscript",
    "bash": "text/x-shellscript",
    "zsh": "text/x-shellscript",
    "ps1": "text/x-powershell",
    "bat": "text/x-batch",
}
_OTHERS = {"pdf": PDF, "exe": "application/x-msdos-program"}
_OTHER_SPELLINGS = {
    "text/markdown",
    "text/xml",
    "text/yaml",
    "text/x-yaml",
    "application/yaml",
    "application/javascript",
    "application/typescript",
    "application/x-ndjson",
    "application/x-sh",
    "application/sql",
    "text/x-script.python",
}
ALLOWED = frozenset(_TEXTS.values()) | _OTHER_SPELLINGS | {PDF}


class UnsupportedFile(ApiError):
    """415 for a file of a type without text [64 upload unsupported]."""

    status = 415

    def __init__(self, file_type: str, filename: str) -> None:
        super().__init__(
            f"Unsupported file type: {file_type} (filename: {filename}). Supported "
            "types: PDF, text files (.txt, .md), JSON, and code files (.py, .js, .java, etc.)."
        )


def type_of(name: str) -> str | None:
    """Return the type of a file by the ending of its name; None if it is unknown."""
    ending = posixpath.splitext(name)[1].lower().lstrip(".")
    known = _TEXTS.get(ending) or _OTHERS.get(ending)
    if known is not None or not ending:
        return known
    from mimetypes import MimeTypes  # noqa: PLC0415 - most files are of the types above

    return MimeTypes().guess_type(f"file.{ending}")[0]


def refuse_unsupported(filename: str, content_type: str | None) -> None:
    """Raise UnsupportedFile unless the content type or the name is that of a supported type."""
    said = (content_type or "").partition(";")[0].strip().lower()
    file_type = said if said in ALLOWED else type_of(filename)
    if file_type not in ALLOWED:
        raise UnsupportedFile(file_type or UNKNOWN, filename)


LONGEST_NAME = 255
NOT_STORED = 'invalid byte sequence for encoding "UTF8": 0x00'
NUL = "\0"
UNREAD_PDF = "mockletta reads no PDF files. This stands in for the text of {name} ({size} bytes)."


class FilesFull(ApiError):
    """413 if a file exceeds the space for files."""

    status = 413

    def __init__(self) -> None:
        super().__init__(
            f"The files of a server have at most {MOST_BYTES} bytes altogether. Delete some first."
        )


def upload(
    world: World,
    folder: Folder,
    sent: Upload,
    handling: DuplicateHandling = DuplicateHandling.SUFFIX,
    name: str | None = None,
    *,
    file_id: str | None = None,
    is_processed: bool = False,
) -> FileRecord:
    """Add a file to a folder and to the folder's agents.

    If the name exists, the newest file of that name is returned, is replaced, or is an error [64
    upload duplicate *]. With `is_processed` the upload was long enough ago for that status.
    """
    original = name or _bare(sent.filename)
    refuse_unsupported(sent.filename, sent.content_type)
    same = [file for file in files_in(world, folder) if file.original_name == original]
    if same and handling is DuplicateHandling.ERROR:
        raise InvalidArgument(f"File '{original}' already exists in folder '{folder.name}'")
    if same and handling is DuplicateHandling.SKIP:
        return same[-1]
    replaced = same[-1] if same and handling is DuplicateHandling.REPLACE else None
    _refuse_too_much(world, len(sent.content) - (replaced.size if replaced else 0))
    if replaced is not None:
        delete_file(world, replaced)
    # The recorded server gives a file that replaces another no folder in its name.
    unique = original if replaced else _unique_name(world, folder, original, len(same))
    file = _record(world, folder, sent, original, unique)
    if file_id is not None:
        file = file.changed({"id": file_id})
    if is_processed:
        file = file.changed({"created_at": file.created_at - PROCESSING})
    world.store.files.add(file)
    if file.error is None:
        _open_everywhere(world, file)
    return file


def _open_everywhere(world: World, file: FileRecord) -> None:
    """Open a file for all agents that have its folder [81 agent files at last]."""
    for agent_id in world.store.agent_folders.lefts(file.folder_id):
        agent = world.store.agents.get(agent_id)
        show_whole(world, agent, add_file(world, agent, file))


def _record(
    world: World, folder: Folder, sent: Upload, original_name: str, name: str
) -> FileRecord:
    file_type = type_of(original_name) or sent.content_type or UNKNOWN
    text = _text(sent, original_name, file_type)
    return FileRecord(
        id=world.ids.new("file"),
        folder_id=folder.id,
        name=name,
        original_name=original_name,
        file_type=file_type,
        size=len(sent.content),
        text=text,
        chunks=len(cut_into_passages(text, folder.chunk_size)),
        error=NOT_STORED if NUL in text else None,
        created_at=world.clock.now(),
    )


def files_in(world: World, folder: Folder) -> list[FileRecord]:
    """Return the files of a folder in order of arrival."""
    return world.store.files.all(("folder_id", folder.id))


def delete_file(world: World, file: FileRecord) -> None:
    """Delete a file, also from its agents."""
    world.store.delete("files", file.id)


def show_file(
    world: World, file: FileRecord, *, include_content: bool = False, with_folder: bool = False
) -> FileMetadata:
    """Return the present state of a file. Only the answer to an upload has the folder in the file's
    name [64]."""
    now = world.clock.peek()
    status = file.status_at(now)
    is_parsed = status in {"embedding", "completed"}
    return FileMetadata(
        source_id=file.folder_id,
        file_name=file.name if with_folder else file.name.partition("/")[2] or file.name,
        original_file_name=file.original_name,
        file_type=file.file_type,
        file_size=file.size,
        processing_status=status,
        error_message=file.error if status == "error" else None,
        total_chunks=max(file.chunks, 1) if is_parsed else None,
        chunks_embedded=(file.chunks if status == "completed" else 0) if is_parsed else None,
        content=file.text if include_content and is_parsed else None,
        id=file.id,
        created_at=file.created_at,
        updated_at=file.updated_at(now),
    )


def file_passages(world: World, folder: Folder) -> list[Passage]:
    """Return the passages of a folder's files, those of the oldest file first. They are created
    whenever they are shown, always with the same ids."""
    now = world.clock.peek()
    return [
        Passage(
            created_by_id=USER_ID,
            last_updated_by_id=USER_ID,
            created_at=file.updated_at(now),
            updated_at=file.updated_at(now),
            archive_id=None,
            source_id=folder.id,
            file_id=file.id,
            file_name=file.name,
            id=_passage_id(file, number),
            text=text,
            embedding_config=folder.embedding_config,
        )
        for file in files_in(world, folder)
        if file.status_at(now) == "completed"
        for number, text in enumerate(cut_into_passages(file.text, folder.chunk_size))
    ]


def _passage_id(file: FileRecord, number: int) -> str:
    ids = Ids()
    ids.random.seed(f"{file.id}/{number}")
    return ids.new("passage")


def _bare(filename: str) -> str:
    """Return a file's name without the directories that a client may send."""
    bare = posixpath.basename(filename.replace("\\", "/")).strip()
    if not bare or bare.startswith("."):
        raise InvalidArgument(f"Invalid filename '{filename}'")
    return bare


def _unique_name(world: World, folder: Folder, original: str, number: int) -> str:
    """Return a name that no file of the folder has, with a number if necessary."""
    taken = {file.name for file in files_in(world, folder)}
    base, ending = posixpath.splitext(original)
    stem = f"{folder.name}/{base[: max(LONGEST_NAME - len(ending), 1)]}"
    numbered = (f"{stem}_({place}){ending}" for place in count(max(number, 1)))
    names = numbered if number else chain([f"{stem}{ending}"], numbered)
    return next(name for name in names if name not in taken)


def _refuse_too_much(world: World, more: int) -> None:
    if sum(file.size for file in world.store.files) + more > MOST_BYTES:
        raise FilesFull


def _text(sent: Upload, name: str, file_type: str) -> str:
    """Return the text of a file. A text with NUL characters cannot be stored [81 files at last]."""
    if file_type == PDF:
        return UNREAD_PDF.format(name=name, size=len(sent.content)) if sent.content else ""
    return sent.content.decode(errors="replace")

"""Which types of files can be uploaded, by their content type or by the ending of their name.

The types are those of the recorded server, as far as recordings show them [64]. Nothing depends on
the machine.
"""

import posixpath

from mockletta.errors import ApiError

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

"""The options of the commands, each with its environment variable."""

import os
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click
from click.core import ParameterSource

from mockletta.documents.value_kinds import ChoiceKind, FlagKind, TextKind
from mockletta.settings.reading import BadSetting, read_settings
from mockletta.settings.setting_kinds import PathKind, SourceKind, TokenKind
from mockletta.settings.setting_table import PREFIX, SERVE, SETTINGS, Setting
from mockletta.settings.settings import DEFAULT_HOST, DEFAULT_PORT, Settings

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from mockletta.commands.control_client import ControlClient

    ParamType = click.ParamType[Any]
else:
    ParamType = click.ParamType  # generic since click 8.4

DEFAULT_LOG_LEVEL = "info"
F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")
DEFAULT_URL = f"http://{DEFAULT_HOST}:{DEFAULT_PORT}"


OF_KUBERNETES = f"{PREFIX}PORT=tcp:"
KUBERNETES = "; Kubernetes sets it for a service called mockletta: set enableServiceLinks: false"


class SettingType(ParamType):
    """Parses the text of a setting. An error names the option or the variable that has it."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.name = setting.kind.metavar

    def convert(
        self,
        value: object,
        param: click.Parameter | None,  # noqa: ARG002
        ctx: click.Context | None,
    ) -> object:
        """Parse a text. A flag without a value is True."""
        if isinstance(value, str | bool):
            try:
                return self.setting.parse(value if isinstance(value, str) else "true")
            except ValueError as error:
                name = spelled(self.setting, ctx)
                remedy = KUBERNETES if f"{name}={value}".startswith(OF_KUBERNETES) else ""
                raise click.UsageError(f"{name}: {error}{remedy}", ctx) from error
        return value

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> "list[CompletionItem]":
        """Complete names of a choice, and paths of files."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only for completion

        if isinstance(self.setting.kind, SourceKind | PathKind):
            return [CompletionItem(incomplete, type="file")]
        choices = getattr(self.setting.kind, "choices", ())
        return [CompletionItem(one) for one in choices if one.startswith(incomplete)]


class SettingOption(click.Option):
    """An option of a setting. Its variable has the same texts as the option."""

    def value_from_envvar(self, ctx: click.Context) -> str | None:  # noqa: ARG002
        return os.environ.get(str(self.envvar)) or None


def spelled(setting: Setting, ctx: click.Context | None) -> str:
    """Return the name by which a setting was given: its variable's, or else its option's."""
    source = ctx and ctx.get_parameter_source(setting.name)
    return setting.variable if source is ParameterSource.ENVIRONMENT else setting.option


def option(setting: Setting) -> Callable[[F], F]:
    """Add the option of a setting. The command's parameter has the setting's name."""
    is_flag = isinstance(setting.kind, FlagKind)
    alone = True if is_flag else setting.alone
    how: dict[str, Any] = {} if alone is None else {"is_flag": is_flag, "flag_value": alone}
    text = setting.help
    if setting.default is not None:
        text += f" [default: {setting.default}]"
    return click.option(
        setting.option,
        setting.name,
        cls=SettingOption,
        type=SettingType(setting),
        envvar=setting.variable,
        show_envvar=True,
        help=text,
        default=None,
        metavar=None if is_flag else setting.kind.metavar,
        **how,
    )


def flag_only(flag: str, text: str, *name: str, **how: Any) -> Callable[[F], F]:  # noqa: ANN401
    """Add an option that has no environment variable."""
    return click.option(flag, *name, help=text, show_default=bool(how.get("default")), **how)


UNTIL_STDIN_CLOSES = Setting(
    "until_stdin_closes",
    FlagKind(),
    "Stop when standard input ends, so that the server never outlives the process that holds its "
    "other end.",
)
RELOAD = Setting("reload", FlagKind(), "Reload the script when its file changes.")
LOG_LEVEL = Setting(
    "log_level",
    ChoiceKind(("debug", "info", "warning", "error")),
    "The log level on standard error.",
    DEFAULT_LOG_LEVEL,
)
LOG_FORMAT = Setting(
    "log_format",
    ChoiceKind(("text", "json")),
    "Print requests as lines of text, or each as a JSON object on a line.",
    "text",
)
EXEC = Setting(
    "exec",
    TextKind(),
    "Run this shell command beside the server, then stop and return its exit code.",
)
URL = Setting("url", TextKind(), "The URL of the server.", DEFAULT_URL)
ADMIN_TOKEN = Setting("admin_token", TokenKind(), "The admin token, required from another machine.")
KEY = Setting("key", TextKind(), "The API key whose world is used; the main world by default.")
OF_SERVER = tuple(one for one in SETTINGS if one.only in (None, SERVE))
OF_PROCESS = (RELOAD, LOG_LEVEL, LOG_FORMAT, EXEC, UNTIL_STDIN_CLOSES)
OF_REMOTE = (URL, ADMIN_TOKEN, KEY)


def variables() -> set[str]:
    """Return the names of all environment variables."""
    return {one.variable for one in (*OF_SERVER, *OF_PROCESS, *OF_REMOTE)}


def serve_options(command: F) -> F:
    """Add the options of `serve`, in this order."""
    for one in reversed((*OF_SERVER, *OF_PROCESS)):
        command = option(one)(command)
    return command


def settings_of(options: Mapping[str, object], context: click.Context) -> Settings:
    """Return the settings of the options. Raises click.UsageError if they are invalid."""
    by_name = {one.name: one for one in OF_SERVER}
    try:
        return read_settings(options, lambda name: spelled(by_name[name], context))
    except BadSetting as error:
        name = spelled(by_name[error.name], context)
        raise click.UsageError(f"{name}: {error.reason}", context) from error


def at_a_server(command: "Callable[Concatenate[ControlClient, P], None]") -> Callable[..., None]:
    """Add the options that select a running server, and pass it as the first argument."""

    @remote_options
    @wraps(command)
    def at(*args: Any, **given: Any) -> None:  # noqa: ANN401
        from mockletta.commands.control_client import ControlClient  # noqa: PLC0415 - help needs no client

        context = click.get_current_context()
        url, admin_token, key = (_inherited(context, one.name) for one in OF_REMOTE)
        rest = {name: given[name] for name in given.keys() - {one.name for one in OF_REMOTE}}
        command(ControlClient(url or DEFAULT_URL, admin_token, key), *args, **rest)

    return at


def remote_options(command: F) -> F:
    """Add the options that select a running server. Subcommands of a group inherit them."""
    for one in reversed(OF_REMOTE):
        command = option(one)(command)
    return command


def _inherited(context: click.Context | None, name: str) -> Any:  # noqa: ANN401
    """Return a parameter of a command or of the group that it is in."""
    value = None
    while value is None and context is not None:
        value, context = context.params.get(name), context.parent
    return value

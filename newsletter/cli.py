"""The command ``newsletter``: root options, the commands mounted, errors turned into exit codes."""

import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from newsletter.commands.session import RootOptions
from newsletter.errors import NewsletterError, OutsideError
from newsletter.translation import active_language, detect_language, gettext, mark, match_language, use_language

if TYPE_CHECKING:
    from typer._click.core import Command, Context
    from typer._click.formatting import HelpFormatter

_UNEXPECTED = 1
_USAGE = 2
_INTERRUPTED = 130
#: 128 + SIGPIPE, as a shell reports it.
_PIPE_CLOSED = 141

app = typer.Typer(
    name="newsletter", add_completion=False, rich_markup_mode=None, no_args_is_help=True, suggest_commands=False
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        sys.stdout.write(version("mobile-newsroom") + "\n")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    newsroom: Annotated[
        Path | None,
        typer.Option("--newsroom", metavar="DIR", envvar="NEWSLETTER_NEWSROOM", help=mark("The newsroom's directory.")),
    ] = None,
    actor: Annotated[
        str | None, typer.Option("--as", metavar="STAFF", envvar="NEWSLETTER_AS", help=mark("Who acts."))
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="zh-CN|en", help=mark("The language of the interface."))
    ] = None,
    version: Annotated[  # noqa: ARG001 (its callback answers)
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help=mark("Say which version this is."))
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help=mark("Say nothing but results and errors."))] = False,
    debug: Annotated[bool, typer.Option("--debug", help=mark("Show the traceback of an unexpected error."))] = False,
) -> None:
    """Publish an organisation's mobile newspaper by SMS and MMS."""
    if language is not None and match_language(language) is None:
        message = gettext("{language} is not a language of this program: zh-CN or en.")
        raise typer.BadParameter(message.format(language=language), param_hint="--language")
    context.obj = RootOptions(newsroom=newsroom, actor=actor, is_quiet=quiet, is_debug=debug)


def build() -> TyperGroup:
    """The whole command tree, its help in the active language; made once a language."""
    return _build(active_language())


@cache
def _build(language: str) -> TyperGroup:
    from newsletter.commands import mount

    if not app.registered_groups:
        mount(app)
    command = typer.main.get_command(app)
    if not isinstance(command, TyperGroup):
        raise TypeError("the root command is a group")
    _translate_help(command)
    if language == "zh-CN":
        from newsletter.commands.wide_help import widen_help

        widen_help(command)
    return command


def _translate_help(command: "Command") -> None:
    """Put help into the active language, the framework's own words included where it offers no translation itself."""
    command.options_metavar = gettext("[OPTIONS]")
    command.format_usage = _usage_formatter(command)  # type: ignore[method-assign, assignment]
    help_option = command.get_help_option(typer.Context(command))
    if help_option is not None:
        help_option.help = gettext("Show this message and exit.")
    if command.help:
        command.help = gettext(cleandoc(command.help))
        command.short_help = command.help.splitlines()[0]
    for parameter in command.params:
        help_text = getattr(parameter, "help", None)
        if help_text:
            parameter.help = gettext(help_text)  # type: ignore[attr-defined]
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = gettext("COMMAND [ARGS]...")
        for subcommand in command.commands.values():
            _translate_help(subcommand)


def _usage_formatter(command: "Command") -> Callable[["Context", "HelpFormatter"], None]:
    def format_usage(context: "Context", formatter: "HelpFormatter") -> None:
        pieces = " ".join(command.collect_usage_pieces(context))
        formatter.write_usage(context.command_path, pieces, prefix=gettext("Usage: "))

    return format_usage


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    use_language(detect_language(words, os.environ))
    try:
        return _run(words)
    except SystemExit as ended:  # the framework's own way out when a pipe is closed
        if isinstance(ended.__context__, BrokenPipeError):
            return _PIPE_CLOSED
        raise
    except OSError as error:
        _report(words, OutsideError.code, _describe_trouble(error), gettext("Run: newsletter doctor"))
        return OutsideError.exit_code
    except Exception as error:  # noqa: BLE001 (the last resort: a bug becomes one line and exit 1)
        return _report_bug(words, error)


def _run(words: list[str]) -> int:
    """Run the command; errors that are messages to the user become their exit code."""
    try:
        result = build().main(args=words, prog_name="newsletter", standalone_mode=False)
    except NewsletterError as error:
        _report(words, error.code, error.message, error.hint)
        return error.exit_code
    except typer.TyperException as error:
        _report_usage(words, error)
        return _USAGE
    except (typer.Abort, KeyboardInterrupt):
        result = _INTERRUPTED
    if result == _INTERRUPTED:
        sys.stderr.write(gettext("Interrupted.") + "\n")
    return result if isinstance(result, int) else 0


def _describe_trouble(error: OSError) -> str:
    """What the system refused, where no room has said it in its own words."""
    reason = error.strerror or type(error).__name__
    if error.filename is None:
        return gettext("Cannot go on: {reason}.").format(reason=reason)
    return gettext("Trouble with {path}: {reason}.").format(path=error.filename, reason=reason)


def _report_usage(words: Sequence[str], error: typer.TyperException) -> None:
    from newsletter.commands.usage import explain_usage, is_bare_call, usage_hint

    if is_bare_call(error):
        sys.stderr.write(error.format_message() + "\n")
        return
    _report(words, "usage", explain_usage(error), usage_hint(error))


def _report_bug(words: Sequence[str], error: Exception) -> int:
    from newsletter.commands.hiding import hide_numbers

    if "--debug" in words:
        sys.stderr.write(hide_numbers("".join(traceback.format_exception(error))))
    message = gettext("Unexpected trouble ({kind}); nothing said to be saved is lost.").format(
        kind=type(error).__name__
    )
    _report(
        words, "unexpected", message, gettext("Run it again with --debug before the command and report what it says.")
    )
    return _UNEXPECTED


def _report(words: Sequence[str], code: str, message: str, hint: str) -> None:
    from newsletter.commands.hiding import hide_numbers

    # Whoever typed a number need not find it in a log.
    message, hint = hide_numbers(message), hide_numbers(hint)
    if "--json" in words:
        document: dict[str, Any] = {"error": {"code": code, "message": message, "hint": hint}}
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
        return
    sys.stderr.write(gettext("Error: {message}").format(message=_one_line(message)) + "\n")
    if hint:
        sys.stderr.write(_one_line(hint) + "\n")


def _one_line(text: str) -> str:
    """What a message quotes may hold line ends and terminal controls: neither reaches the terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def run() -> None:
    """Entry point of the installed command."""
    # A closed standard stream is None: results then go nowhere, as was asked.
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (lives as long as we do)
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (lives as long as we do)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # File names need not be text, nor terminals speak UTF-8: an escape is better than a crash after the work.
            stream.reconfigure(errors="backslashreplace")
    sys.exit(_main_flushed())


def _main_flushed() -> int:
    """Run the command line and see its results out of the door; a closed pipe (``| head``) is no error to tell of."""
    code = 0
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon_stdout()
        return _PIPE_CLOSED
    except OSError as error:
        _abandon_stdout()
        if code == 0:
            _report([], OutsideError.code, _describe_trouble(error), "")
        return code or OutsideError.exit_code
    return code


def _abandon_stdout() -> None:
    """Let what cannot be written go where it does no harm when the interpreter flushes it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    run()

"""``demo``: the whole journey on a sample newsroom, ending in what happened and what to open."""

import io
import json
import os
import shlex
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from newsletter.commands.options import JsonOption
from newsletter.commands.output import note, print_json, print_lines, print_table
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.demo.journey import Told

#: Says that a directory was made by a demo and may be made anew.
_MARKER: Final = ".newsletter-demo"


def mount(app: typer.Typer) -> None:
    """Put this command under the root."""
    app.command("demo")(demo)


def demo(
    context: typer.Context,
    directory: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help=mark("Where; made anew if a demo made it. Default: demo."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Walk a sample newsroom through the whole journey, on the sandbox gateway."""
    from newsletter.demo.journey import Journey

    target = directory or Path("demo")
    _prepare(target)
    started = time.monotonic()
    with _own_environment(target):
        told = Journey(target, lambda *call: _type(context, target, *call)).walk()
    seconds = time.monotonic() - started
    if as_json:
        rows = [{"what": what, "result": result} for what, result in told.rows]
        print_json({"rows": rows, "files": [str(path) for path in told.files], "seconds": round(seconds, 1)})
        return
    _show(target, told, seconds)


def _show(target: Path, told: "Told", seconds: float) -> None:
    print_table([_("what"), _("what happened")], told.rows)
    print_lines(_("Open these:"), *(f"  {path}" for path in told.files), "")
    print_lines(_("Look around yourself:"))
    command = ["newsletter", "--newsroom", str(target / "newsroom"), "--as", "li", "status"]
    print_lines(f"  NEWSLETTER_KEYS_DIR={shlex.quote(str(target / 'keys'))} {shlex.join(command)}", "")
    print_lines(
        _("All keys of this demo lie together in {directory}; at a real desk everybody keeps their own.").format(
            directory=target / "keys"
        ),
        _("{seconds:.0f} seconds.").format(seconds=seconds),
    )


def _prepare(target: Path) -> None:
    """Make the directory, or clear it if a former demo made it.

    Raises:
        RefusedError: there is something else in it.
        OutsideError: it cannot be written.
    """
    from newsletter.errors import OutsideError, RefusedError

    try:
        if target.exists() and any(target.iterdir()):
            if not (target / _MARKER).is_file():
                raise RefusedError(
                    _("{directory} holds something else than a demo.").format(directory=target),
                    hint=_("Choose another directory: newsletter demo DIR"),
                )
            for name in ("newsroom", "keys", "out"):
                shutil.rmtree(target / name, ignore_errors=True)
        target.mkdir(parents=True, exist_ok=True)
        (target / _MARKER).touch()
    except OSError as error:
        message = _("Cannot write {path}: {reason}.").format(path=target, reason=error.strerror)
        raise OutsideError(message) from error


@contextmanager
def _own_environment(target: Path) -> Iterator[None]:
    """The demo's own keys, and nobody else's settings, while it runs."""
    before = dict(os.environ)
    for name in ("NEWSLETTER_NEWSROOM", "NEWSLETTER_AS", "NEWSLETTER_DATABASE_URL", "NEWSLETTER_PASSPHRASE"):
        os.environ.pop(name, None)
    os.environ["NEWSLETTER_KEYS_DIR"] = str(target / "keys")
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _type(
    context: typer.Context, target: Path, actor: str, words: Sequence[str], codes: Sequence[int]
) -> dict[str, Any]:
    """Type one command as ``actor``, say so, and read its JSON answer."""
    from newsletter.errors import NewsletterError

    note(context, f"{actor}$ newsletter {shlex.join(words)}")
    line = ["--newsroom", str(target / "newsroom"), "--as", actor, *words, "--json"]
    answer = io.StringIO()
    try:
        with redirect_stdout(answer), redirect_stderr(io.StringIO()):
            code = context.find_root().command.main(args=line, prog_name="newsletter", standalone_mode=False) or 0
    except NewsletterError as error:
        if error.exit_code not in codes:
            raise
        return {"error": {"code": error.code, "message": error.message, "hint": error.hint}}
    if code not in codes:
        raise RuntimeError(f"the demo's command ended with {code}: {shlex.join(words)}")
    document: dict[str, Any] = json.loads(answer.getvalue())
    return document

"""``demo``: the whole journey on a sample newsroom, ending in what happened and what to open."""

import io
import json
import os
import re
import shlex
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from newsletter.commands.options import JsonOption
from newsletter.commands.output import note, print_json, print_lines, print_table
from newsletter.subscribers.phones import mask_number
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.demo.journey import Told

#: Says that a directory was made by a demo and may be made anew.
_MARKER: Final = ".newsletter-demo"
_SHOWN_OF_A_KIND: Final = 3
#: Of the journal's head, as much as one copies from paper.
_HEAD_DIGITS: Final = 16
_NUMBER: Final = re.compile(r"\b1\d{10}\b")


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
        told = Journey(target, _Typist(context, target).type).walk()
    seconds = time.monotonic() - started
    if as_json:
        rows = [{"what": what, "result": result} for what, result in told.rows]
        files = [str(path) for path in told.files]
        verify = _verifying_command(told)
        print_json({"rows": rows, "files": files, "verify": verify, "seconds": round(seconds, 1)})
        return
    _show(target, told, seconds)


def _show(target: Path, told: "Told", seconds: float) -> None:
    print_table([_("what"), _("what happened")], told.rows)
    print_lines(_("Open these:"), *(f"  {path}" for path in told.files), "")
    print_lines(_("Check the journal as a stranger would, without this program:"))
    print_lines(f"  {shlex.join(_verifying_command(told))}", "")
    print_lines(_("Look around yourself:"))
    command = [_own_name(), "--newsroom", str(target / "newsroom"), "--as", "li", "status"]
    print_lines(f"  NEWSLETTER_KEYS_DIR={shlex.quote(str(target / 'keys'))} {shlex.join(command)}", "")
    print_lines(
        _("All keys of this demo lie together in {directory}, so one machine can pass every gate.").format(
            directory=target / "keys"
        ),
        _("The audit says so; at a real desk everybody keeps their own."),
        _("{seconds:.0f} seconds.").format(seconds=seconds),
    )


def _verifying_command(told: "Told") -> list[str]:
    """How an exported journal is verified, by the Python that runs this."""
    script = Path(__file__).parents[2] / "docs" / "verify_journal.py"
    python = "python3" if os.environ.get("VIRTUAL_ENV") else _from_here(sys.executable)
    words = [_from_here(script), str(told.journal), told.admin_key, "--head", told.head[:_HEAD_DIGITS]]
    return [python, *words]


def _from_here(path: str | Path) -> str:
    """A path as one would type it: from the working directory where it lies below that."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _own_name() -> str:
    """How this program was called, if it cannot be called by its plain name."""
    if shutil.which("newsletter"):
        return "newsletter"
    return os.path.relpath(sys.argv[0]) if Path(sys.argv[0]).is_file() else "newsletter"


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


class _Typist:
    """Types the demo's commands in this process, says each, and reads its JSON answer."""

    def __init__(self, context: typer.Context, target: Path) -> None:
        self._context, self._target = context, target
        self._last, self._run = "", 0

    def type(self, actor: str, words: Sequence[str], codes: Sequence[int]) -> dict[str, Any]:
        """Type one command as ``actor``; an exit code not in ``codes`` ends the demo."""
        from newsletter.errors import NewsletterError

        self._say(actor, words)
        line = ["--newsroom", str(self._target / "newsroom"), "--as", actor, *words, "--json"]
        answer = io.StringIO()
        command = self._context.find_root().command
        try:
            with redirect_stdout(answer), redirect_stderr(io.StringIO()):
                code = command.main(args=line, prog_name="newsletter", standalone_mode=False) or 0
        except NewsletterError as error:
            if error.exit_code not in codes:
                raise
            return {"error": {"code": error.code, "message": error.message, "hint": error.hint}}
        if code not in codes:
            raise RuntimeError(f"the demo's command ended with {code}: {shlex.join(words)}")
        document: dict[str, Any] = json.loads(answer.getvalue())
        return document

    def _say(self, actor: str, words: Sequence[str]) -> None:
        """Numbers are masked; of many commands alike, only the first few are shown."""
        command = " ".join(words[:2])
        self._run = self._run + 1 if command == self._last else 1
        self._last = command
        if self._run <= _SHOWN_OF_A_KIND:
            line = _NUMBER.sub(lambda match: mask_number(match[0]), shlex.join(words))
            note(self._context, f"{actor}$ newsletter {line}")
        elif self._run == _SHOWN_OF_A_KIND + 1:
            note(self._context, "…")

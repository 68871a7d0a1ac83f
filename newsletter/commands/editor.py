"""``edit`` without a file: the article opens in the person's own editor, as Markdown with front matter.

What they type lies in a place of their own, always the same one, and goes away only when it is saved.
"""

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, NoReturn

from newsletter.commands.output import warn
from newsletter.errors import NewsletterError, OutsideError
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from newsletter.articles.manuscripts import Manuscript
    from newsletter.articles.models import Revision
    from newsletter.newsroom import Newsroom

#: What ends us when a terminal is closed or a machine shut down; an exit code of 128 and its number is the usual one.
_ENDS: Final = (signal.SIGTERM, signal.SIGHUP)
#: Seconds an interrupted editor has for putting down what it holds in files of its own.
_GRACE_SECONDS: Final = 3


class EditorError(OutsideError):
    """The editor cannot be started, or gave up."""

    code: ClassVar[str] = "editor"


@contextlib.contextmanager
def open_in_editor(newsroom: "Newsroom", revision: "Revision") -> "Iterator[Manuscript]":
    """Let the person edit a revision; what they wrote goes away only when the block ends well.

    However it ends otherwise, a text that was changed is kept, and they are told where.

    Raises:
        EditorError: no ``EDITOR``, or it failed.
        ManuscriptError: what was saved is no article.
    """
    from newsletter.articles.manuscripts import read_manuscript, write_manuscript
    from newsletter.articles.models import TextFormat

    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        raise EditorError(_("No editor is set."), hint=_("Set EDITOR, or give --file FILE."))
    text = write_manuscript(revision).encode()
    place = _edits_directory(newsroom)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    _mention_kept(place, revision.article_id, text)
    suffix = ".txt" if revision.format == TextFormat.PLAIN else ".md"
    directory = tempfile.mkdtemp(prefix=f"{revision.article_id}-{revision.number}-", dir=place)
    path = Path(directory) / f"{revision.article_id}{suffix}"
    path.write_bytes(text)
    try:
        with _ends_raised():
            _run_editor(command, path)
            yield read_manuscript(path)
    except NewsletterError as error:
        if _is_kept(path, text):
            error.hint = " ".join(filter(None, (error.hint, _kept_in(path))))
        raise
    except BaseException:
        if _is_kept(path, text):
            # The terminal may be gone, and whoever called has a lock to free all the same.
            with contextlib.suppress(OSError):
                warn(_kept_in(path))
        raise
    shutil.rmtree(path.parent)


def forget_kept(newsroom: "Newsroom", path: Path) -> None:
    """Do away with a text that was kept here and has now been saved; any other file is left alone."""
    directory = path.resolve().parent
    if directory.parent == _edits_directory(newsroom).resolve():
        shutil.rmtree(directory)


def _edits_directory(newsroom: "Newsroom") -> Path:
    """Where the acting person's texts lie while they are written: a directory each, named by article and revision."""
    from platformdirs import user_state_path

    return user_state_path("newsletter") / "edits" / newsroom.id / newsroom.acting_name()


def _mention_kept(place: Path, article_id: int, text: bytes) -> None:
    """Warn of texts of this article that were typed before and not saved."""
    for path in sorted(place.glob(f"{article_id}-*-*/{article_id}.*")):
        if path.suffix in (".md", ".txt") and path.read_bytes() != text:
            sentence = _(
                "A text of yours was not saved; take it: newsletter edit {article} --base {revision} --file {path}; "
                "or delete it."
            )
            warn(
                sentence.format(
                    article=article_id, revision=path.parent.name.split("-")[1], path=shlex.quote(str(path))
                )
            )


def _is_kept(path: Path, text: bytes) -> bool:
    """Keep what was typed, and what the editor itself put beside it; remove a text nobody changed."""
    if path.is_file() and path.read_bytes() == text and list(path.parent.iterdir()) == [path]:
        shutil.rmtree(path.parent)
        return False
    return True


def _kept_in(path: Path) -> str:
    return _("Your text is kept in {path}.").format(path=path)


@contextlib.contextmanager
def _ends_raised() -> Iterator[None]:
    """Leave by an exception, past everybody who has something to put in order, where a signal would just end us."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = {number: signal.signal(number, _leave) for number in _ENDS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _leave(number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + number)


def _run_editor(command: str, path: Path) -> None:
    trouble = EditorError(_("The editor {command} failed.").format(command=command))
    try:
        editor = subprocess.Popen([*shlex.split(command), str(path)])  # noqa: S603 (the person's own editor)
    except (OSError, ValueError) as error:
        raise trouble from error
    try:
        code = editor.wait()
    except BaseException:
        editor.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            editor.wait(_GRACE_SECONDS)
        raise
    if code:
        raise trouble

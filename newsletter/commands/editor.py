"""``edit`` without a file: the article opens in the person's own editor, as Markdown with front matter."""

import contextlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from newsletter.commands.output import warn
from newsletter.errors import NewsletterError, OutsideError
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from newsletter.articles.manuscripts import Manuscript
    from newsletter.articles.models import Revision


class EditorError(OutsideError):
    """The editor cannot be started, or gave up."""

    code: ClassVar[str] = "editor"


@contextlib.contextmanager
def open_in_editor(revision: "Revision") -> "Iterator[Manuscript]":
    """Let the person edit a revision; what they wrote goes away only when the block ends well.

    The temporary directory is theirs only. If the text is refused, for its form or by a rule, the error says where it
    lies.

    Raises:
        EditorError: no ``EDITOR``, or it failed.
        ManuscriptError: what was saved is no article.
    """
    from newsletter.articles.manuscripts import read_manuscript, write_manuscript
    from newsletter.articles.models import TextFormat

    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        raise EditorError(_("No editor is set."), hint=_("Set EDITOR, or give --file FILE."))
    directory = Path(tempfile.mkdtemp(prefix="newsletter-"))
    suffix = ".txt" if revision.format == TextFormat.PLAIN else ".md"
    path = directory / f"{revision.article_id}{suffix}"
    path.write_text(write_manuscript(revision), encoding="utf-8")
    _run_editor(command, path)
    try:
        yield read_manuscript(path)
    except NewsletterError as error:
        error.hint = " ".join(filter(None, (error.hint, _kept_in(path))))
        raise
    except BaseException:
        warn(_kept_in(path))
        raise
    shutil.rmtree(directory)


def _kept_in(path: Path) -> str:
    return _("Your text is kept in {path}.").format(path=path)


def _run_editor(command: str, path: Path) -> None:
    try:
        subprocess.run([*shlex.split(command), str(path)], check=True)  # noqa: S603 (the person's own editor)
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        shutil.rmtree(path.parent)
        raise EditorError(_("The editor {command} failed.").format(command=command)) from error

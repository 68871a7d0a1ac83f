"""``edit`` without a file: the article opens in the person's own editor, as Markdown with front matter."""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from newsletter.errors import OutsideError
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from newsletter.articles.manuscripts import Manuscript
    from newsletter.articles.models import Revision


class EditorError(OutsideError):
    """The editor cannot be started, or gave up."""

    code: ClassVar[str] = "editor"


def open_in_editor(revision: "Revision") -> "Manuscript":
    """Let the person edit a revision; the temporary file is theirs only, and goes away.

    Raises:
        EditorError: no ``EDITOR``, or it failed.
        ManuscriptError: what was saved is no article.
    """
    from newsletter.articles.manuscripts import read_manuscript, write_manuscript

    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        raise EditorError(_("No editor is set."), hint=_("Set EDITOR, or give --file FILE."))
    with tempfile.TemporaryDirectory(prefix="newsletter-") as directory:
        path = Path(directory) / f"{revision.article_id}.md"
        path.write_text(write_manuscript(revision), encoding="utf-8")
        try:
            subprocess.run([*shlex.split(command), str(path)], check=True)  # noqa: S603 (the person's own editor)
        except (OSError, subprocess.CalledProcessError, ValueError) as error:
            raise EditorError(_("The editor {command} failed.").format(command=command)) from error
        return read_manuscript(path)

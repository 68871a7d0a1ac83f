"""From the root command's options to an opened newsroom: what every command starts with."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from newsletter.errors import RefusedError
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from newsletter.newsroom import Newsroom


#: Answers that mean yes, in either language.
_YES = frozenset({"y", "yes", "是", "好", "对"})


@dataclass(frozen=True)
class RootOptions:
    """What was said before the command."""

    newsroom: Path | None = None
    actor: str | None = None
    is_quiet: bool = False
    is_debug: bool = False


def root_options(context: typer.Context) -> RootOptions:
    """The options given before the command."""
    found = context.find_root().obj
    return found if isinstance(found, RootOptions) else RootOptions()


def open_newsroom(context: typer.Context, *, any_schema: bool = False) -> "Newsroom":
    """Open the newsroom the command line means."""
    # A table's foreign keys are only resolved once the tables they point to are known, whichever room has them.
    from newsletter import (
        newsroom,
        tables,  # noqa: F401
    )

    options = root_options(context)
    opened = newsroom.open_newsroom(
        options.newsroom, actor=options.actor, ask_passphrase=ask_passphrase, any_schema=any_schema
    )
    context.call_on_close(opened.engine.dispose)
    return opened


def ask_passphrase(name: str) -> str:
    """``NEWSLETTER_PASSPHRASE``, else a question at the terminal.

    Raises:
        OutsideError: neither is there.
    """
    from newsletter.newsroom import no_passphrase

    given = os.environ.get("NEWSLETTER_PASSPHRASE")
    if given:
        return given
    if not sys.stdin.isatty():
        return no_passphrase(name)
    return str(typer.prompt(_("Passphrase of {name}").format(name=name), hide_input=True, err=True))


def new_passphrase(name: str) -> str | None:
    """A passphrase for a key about to be made: the environment's, else asked twice; None where nobody can be asked."""
    given = os.environ.get("NEWSLETTER_PASSPHRASE")
    if given:
        return given
    if not sys.stdin.isatty():
        return None
    question = _("New passphrase for {name}").format(name=name)
    return str(typer.prompt(question, hide_input=True, confirmation_prompt=_("Again, to be sure"), err=True))


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something that cannot be undone.

    Raises:
        RefusedError: the answer is no, or there is nobody to ask and no ``--yes``.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise RefusedError(_("This cannot be undone and nobody can be asked."), hint=_("Add --yes to go ahead."))
    sys.stderr.write(question + " " + _("[y/N]") + " ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().casefold() not in _YES:
        raise RefusedError(_("Not confirmed; nothing was done."))

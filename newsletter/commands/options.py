"""Options and arguments that several commands share, so that each means the same everywhere."""

from typing import Annotated, Final

import typer

from newsletter.translation import gettext as _
from newsletter.translation import mark


def command_group(about: str) -> typer.Typer:
    """A group of commands below one noun, which alone answers with its help."""
    return typer.Typer(no_args_is_help=True, rich_markup_mode=None, suggest_commands=False, help=about)


JsonOption = Annotated[bool, typer.Option("--json", help=mark("Print one JSON document and nothing else."))]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help=mark("Answer every question with yes."))]
#: Exit code of what was done in part: rows rejected, deliveries failed or unclear.
DONE_IN_PART: Final = 6
#: No database column holds a larger number: PostgreSQL's integer.
LARGEST_ID: Final = 2_147_483_647
_DIGITS: Final = 10


def parse_id(value: str | int) -> int:
    """A number as printed by the program; Typer hands defaults over too, which are numbers already.

    Raises:
        typer.BadParameter: no number, or one that nothing can have.
    """
    return _parse_positive(value, _("{word} is not a number as printed."))


def parse_count(value: str | int) -> int:
    """How many, at least one; Typer hands defaults over too, which are numbers already.

    Raises:
        typer.BadParameter: no number, or one that is too small or too large.
    """
    return _parse_positive(value, _("{word} is no count: write a number from 1 on."))


def _parse_positive(value: str | int, refusal: str) -> int:
    word = str(value)
    is_number = word.isascii() and word.isdigit() and len(word) <= _DIGITS
    if not is_number or not 1 <= int(word) <= LARGEST_ID:
        raise typer.BadParameter(refusal.format(word=word[:40]))
    return int(word)


EditionArgument = Annotated[
    int, typer.Argument(metavar="EDITION", parser=parse_id, help=mark("The edition's number, as printed."))
]
ArticleArgument = Annotated[
    int, typer.Argument(metavar="ARTICLE", parser=parse_id, help=mark("The article's number, as printed."))
]
UnitOption = Annotated[str | None, typer.Option("--unit", metavar="UNIT", help=mark("A unit's code or exact name."))]

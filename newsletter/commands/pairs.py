"""``--suggest OLD NEW``: an option of two values that may be given many times, which Typer has no type for."""

from typing import TYPE_CHECKING, Any, Final

from typer.core import TyperCommand

from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from newsletter.workflow.suggestions import Suggestion

_OPTION: Final = "--suggest"
_ARTICLE: Final = "--article"
#: Stands between the values of one suggestion; a unit separator cannot be typed, and no text keeps one.
_SEPARATOR: Final = "\x1f"


class SuggestingCommand(TyperCommand):
    """A command that takes ``--suggest OLD NEW [--article ARTICLE]``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse a command line whose suggestions have become one value each."""
        return super().parse_args(ctx, join_suggestions(args))


def join_suggestions(words: list[str]) -> list[str]:
    """``--suggest OLD NEW``, and an ``--article ARTICLE`` right after it, as one word each."""
    joined: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "--":
            return [*joined, word, *rest]
        name, is_attached, value = word.partition("=")
        if name != _OPTION:
            joined.append(word)
            continue
        values = [value] if is_attached else []
        # An option in the place of words is a slip: "--suggest OLD --json".
        while len(values) < 2 and rest and not rest[0].startswith("--"):  # noqa: PLR2004 (the old words and the new)
            values.append(rest.pop(0))
        if len(rest) > 1 and rest[0] == _ARTICLE:
            values += rest[1:2]
            del rest[:2]
        joined.append(f"{_OPTION}={_SEPARATOR.join(values)}")
    return joined


def parse_suggestion(value: str) -> "Suggestion":
    """A suggestion from its joined word.

    Raises:
        InputError: one value only, or an article that is none.
    """
    from newsletter.commands.options import parse_id
    from newsletter.errors import InputError
    from newsletter.workflow.suggestions import Suggestion

    old, *others = value.split(_SEPARATOR)
    if not others:
        raise InputError(_("--suggest takes two texts: the words as they stand, and the new ones."))
    return Suggestion(old=old, new=others[0], article=parse_id(others[1]) if others[1:] else None)

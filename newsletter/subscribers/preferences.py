"""How a person wants to be written to, and where one away from home lives, from what a row says. No database."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from newsletter.subscribers.labels import clean_cell, parse_flag
from newsletter.subscribers.lists.problems import Problem
from newsletter.subscribers.models import Channel
from newsletter.translation import gettext as _
from newsletter.translation import mark

PREFERENCE_FIELDS: Final = ("channel", "language", "large_type", "place")
#: Characters of the longest place: an address to the house number has about 60.
LONGEST_PLACE: Final = 120
#: Words for a channel, as ``clean_cell`` leaves them; a plain SMS is what everybody gets who said nothing.
CHANNEL_WORDS: Final[dict[str, str]] = {
    **dict.fromkeys(("", "sms", "短信"), ""),
    **dict.fromkeys(("full-text", "全文短信", "短信全文", "全文"), Channel.FULL_TEXT.value),
    **dict.fromkeys(("mms", "彩信"), Channel.MMS.value),
}
LANGUAGE_WORDS: Final[dict[str, str]] = {
    "": "",
    **dict.fromkeys(("zh-cn", "zh", "中文", "汉语", "chinese"), "zh-CN"),
    **dict.fromkeys(("en", "英文", "英语", "english"), "en"),
}


#: What the interface calls the fields whose words are listed.
_FIELD_WORDS: Final = {"channel": mark("channel"), "language": mark("language")}


class Preferences(NamedTuple):
    """What a row says; None: the file has no such column, empty: nothing is known or wanted."""

    channel: str | None
    language: str | None
    large_type: bool | None
    place: str | None


def read_preferences(cells: Sequence[str], has: Sequence[bool]) -> Preferences | Problem:
    """Understand channel, language, large_type and place, given in this order; ``has``: which of them the file has."""
    channel = _read_word("channel", "unknown_channel", cells[0], CHANNEL_WORDS)
    language = _read_word("language", "unknown_language", cells[1], LANGUAGE_WORDS)
    large_type = read_flag("large_type", cells[2])
    place = read_place(cells[3])
    answers = (channel, language, large_type, place)
    for answer in answers:
        if isinstance(answer, Problem):
            return answer
    return Preferences(*(answer if present else None for answer, present in zip(answers, has, strict=True)))  # type: ignore[arg-type]


def read_flag(field: str, cell: str) -> bool | Problem:
    """Yes or no; empty is no."""
    answer = parse_flag(cell)
    if answer is None:
        return Problem(field, "bad_flag", _("Write yes or no, true or false, 1 or 0, 是 or 否."))
    return answer


def read_place(cell: str) -> str | Problem:
    """Where somebody lives now, with its spaces in order; empty for nothing."""
    place = " ".join(cell.split())
    if len(place) > LONGEST_PLACE:
        message = _("The place has more than {count} characters.").format(count=LONGEST_PLACE)
        return Problem("place", "bad_place", message)
    if "\ufffd" in place or not place.isprintable():
        return Problem("place", "bad_place", _("The place has damaged or invisible characters."))
    return place


def _read_word(field: str, code: str, cell: str, words: dict[str, str]) -> str | Problem:
    found = words.get(clean_cell(cell))
    if found is None:
        choices = ", ".join(word for word in words if word)
        message = _("This is no {field}: {choices}.").format(field=_(_FIELD_WORDS[field]), choices=choices)
        return Problem(field, code, message)
    return found

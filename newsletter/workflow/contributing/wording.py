"""How a notice reads: signature first, two message parts at most; long titles and reasons are cut, never the facts."""

from bisect import bisect_left
from typing import Any, Final

from newsletter.editions.rendering.environment import render_template, text_environment
from newsletter.editions.rendering.text import clean_line
from newsletter.editions.sms_parts import split_sms
from newsletter.workflow.contributing.models import NoticeKind

#: Message parts of the longest notice.
MOST_PARTS: Final = 2
_LONGEST, _SHORTEST = 200, 8
#: 【】 may stand around the signature only; 〔〕 is what editions print instead.
_BRACKETS: Final = str.maketrans("【】", "〔〕")


def write_notice(signature: str, kind: NoticeKind, **values: Any) -> str:
    """The text of a notice.

    Args:
        signature: what stands in 【】.
        kind: what is told.
        values: what its template asks for; those that are text are cut, all to the same length, until it fits.
    """
    # What fits at one length fits at every shorter one: the first length that does not is found by halving.
    first_too_long = bisect_left(
        range(_SHORTEST + 1, _LONGEST + 1), 1, key=lambda limit: not _fits(_render(signature, kind, values, limit))
    )
    return _render(signature, kind, values, _SHORTEST + first_too_long)


def _fits(text: str) -> bool:
    return len(split_sms(text).parts) <= MOST_PARTS


def _render(signature: str, kind: NoticeKind, values: dict[str, Any], limit: int) -> str:
    shown = {name: _shorten(value, limit) if isinstance(value, str) else value for name, value in values.items()}
    return render_template(text_environment(), "sms/notice.txt.j2", signature=signature, kind=kind, **shown).strip()


def _shorten(text: str, limit: int) -> str:
    line = clean_line(text).translate(_BRACKETS)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"

"""Where a line of Chinese print may stretch, and where a long title breaks.

WeasyPrint widens spaces only, and Chinese has none. So print sets punctuation half-width (the font's ``halt``) and puts
a space where its other half was: that space is what justifying widens and what a line end swallows. Beside a quotation
mark it also allows the line break that Unicode's general rules forbid.
"""

import re
from typing import Final

_CLOSING: Final = "，。、；：！？”’）》〉」』〕】〗"
_OPENING: Final = "“‘（《〈「『〔【〖"
_HAN: Final = "\u3400-\u9fff"
#: What may not open a line either, and so takes no space before it.
_CLINGING: Final = r",.;:!?)\]}%…—·"
#: After closing marks, before opening ones, never inside a run of either, where half-width marks belong together;
#: and after the half-width commas that offices type between Han characters.
_GAP: Final = re.compile(
    rf"(?<=[{_CLOSING}])(?=[^{_CLOSING}{_CLINGING}\s])|(?<=[^{_OPENING}(\[{{\s])(?=[{_OPENING}])|(?<=[{_HAN}][,;:!?])(?=[{_HAN}])"
)
#: The apostrophe of "don't" is the closing quotation mark's code point.
_APOSTROPHE: Final = re.compile(r"(?<=[A-Za-z]’) (?=[A-Za-z])")
#: Where a title may be broken to be read: after a mark or a space.
_TITLE_BREAK: Final = re.compile(rf"(?<=[{_CLOSING}\s])(?=[^{_CLOSING}\s])")
#: The shorter line of a broken title is at least this part of the whole; else breaking by length looks better.
_SHORTEST_LINE: Final = 0.3


def stretch(text: str, *, following: str = "") -> str:
    """``text`` with a space at every place that may stretch; ``following`` is the text set right after it."""
    if not text:
        return ""
    stretched = _APOSTROPHE.sub("", _GAP.sub(" ", text + following[:1]))
    return stretched[:-1] if following else stretched


def count_ems(text: str) -> int:
    """Width of ``text`` in em, rounded up: one for a Chinese character or mark, half for a Latin one."""
    return (sum(2 if one > "\u2e7f" or one in "“”‘’…—" else 1 for one in text) + 1) // 2


def break_title(title: str, *, per_line: int) -> list[str]:
    """``title`` in two lines, at the mark nearest its middle, when one line of ``per_line`` em cannot hold it.

    One line is returned when it fits, or when no mark divides it well: ``balance_width`` then does.
    """
    if count_ems(title) <= per_line:
        return [title]
    pairs = [(title[:place], title[place:]) for place in (match.start() for match in _TITLE_BREAK.finditer(title))]
    fitting = [pair for pair in pairs if max(map(count_ems, pair)) <= per_line and _is_even(pair)]
    if not fitting:
        return [title]
    return [line.strip() for line in min(fitting, key=lambda pair: abs(count_ems(pair[0]) - count_ems(pair[1])))]


def balance_width(text: str, *, per_line: int) -> int:
    """The narrowest width, in em, that sets ``text`` in as few lines as ``per_line`` em does: no stray last word."""
    ems = count_ems(text)
    if ems <= per_line:
        return per_line
    lines = -(-ems // per_line)
    # One em to spare: a mark that may not open a line takes its neighbour along.
    return min(per_line, -(-ems // lines) + 1)


def _is_even(pair: tuple[str, str]) -> bool:
    return min(map(count_ems, pair)) >= _SHORTEST_LINE * count_ems("".join(pair))

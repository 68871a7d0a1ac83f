"""When a list's headings stand on two rows: one heading over several columns, and below it what each of them is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from newsletter.errors import InputError
from newsletter.subscribers.labels import clean_cell
from newsletter.subscribers.lists.csv_files import MOBILE_NUMBER
from newsletter.subscribers.lists.headings import clean_heading, count_headings, usual_field
from newsletter.translation import gettext as _

#: What tells whose or which number a column holds, though nothing be known of the whole heading.
_TELLS: Final = ("手机", "电话", "号码", "联系", "本人", "家属")
#: Characters of the longest heading of a second row; what is longer is a remark.
_LONGEST: Final = 20
#: No heading has so many digits in a row.
_DIGITS: Final = re.compile(r"\d{5}")


class HeadingRows(NamedTuple):
    """Where the headings stand among the first rows, and what they say.

    Attributes:
        first, after: their row, and the first row of people, counted from 0.
        cells: the headings, one a column; of two rows the lower where it says something.
    """

    first: int
    after: int
    cells: list[str]


def find_headings(rows: Sequence[Sequence[str]], mapping: Mapping[str, str]) -> HeadingRows:
    """The row with the most headings, the first of them, with the row below or above it if the two belong together.

    Args:
        rows: the first rows with content, at least one; where no headings are at all, the first row is taken.
        mapping: heading → field, as ``read_mapping`` gives it.
    """
    counts = [count_headings(cells, mapping) for cells in rows]
    at = counts.index(max(counts))
    if at + 1 < len(rows) and _is_second(rows[at], rows[at + 1], mapping):
        return HeadingRows(at, at + 2, _join(rows[at], rows[at + 1], mapping))
    if at > 0 and _filled(rows[at - 1]) > 1:
        joined = _join(rows[at - 1], rows[at], mapping)
        if count_headings(joined, mapping) > counts[at]:
            return HeadingRows(at - 1, at + 1, joined)
    return HeadingRows(at, at + 1, list(rows[at]))


def raise_if_shared(
    headings: Sequence[str], rows: Sequence[Sequence[str]], phone_at: int, file: str, line: int
) -> None:
    """Refuse one heading over several columns of numbers: whose they are cannot be told.

    Args:
        headings: one a column.
        rows: the first rows of people.
        phone_at: the column of the heading of numbers.
        file: for the message.
        line: on which the headings stand.

    Raises:
        InputError: such a heading.
    """
    for column in range(phone_at + 1, len(headings)):
        if headings[column].strip():
            return
        if any(column < len(cells) and MOBILE_NUMBER.search(clean_cell(cells[column])) for cells in rows):
            raise InputError(
                _("{file}, line {line}: columns {first} and {second} both hold numbers under one heading.").format(
                    file=file, line=line, first=phone_at + 1, second=column + 1
                ),
                hint=_(
                    "Give each column a heading of its own; the column of the member's own number is phone or 手机号."
                ),
            )


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _groups(top: Sequence[str], width: int) -> Iterator[range]:
    """The columns of each heading that is followed by columns without one."""
    starts = [column for column, cell in enumerate(top) if cell.strip()]
    for start, end in zip(starts, [*starts[1:], width], strict=True):
        if end - start > 1:
            yield range(start, end)


def _is_second(top: Sequence[str], below: Sequence[str], mapping: Mapping[str, str]) -> bool:
    """Whether a row under the headings is more of them, and nobody's row.

    Under a heading over several columns it has a heading, or names at least two columns while all else is empty, or
    as above (a cell merged downwards).
    """
    width = max(len(top), len(below))
    texts = {column: cell for column, cell in enumerate(below) if cell.strip()}
    if any(_DIGITS.search(clean_heading(cell)) or len(clean_heading(cell)) > _LONGEST for cell in texts.values()):
        return False
    groups = [[column for column in group if column in texts] for group in _groups(top, width)]
    grouped = {column for group in groups for column in group}
    if any(_is_heading(texts[column], mapping) for column in grouped):
        return True
    others = (column for column in texts if column not in grouped)
    is_empty = all(column < len(top) and top[column].strip() == texts[column].strip() for column in others)
    return is_empty and any(len(group) > 1 for group in groups)


def _is_heading(cell: str, mapping: Mapping[str, str]) -> bool:
    heading = clean_heading(cell)
    return heading in mapping or usual_field(heading) is not None or any(word in heading for word in _TELLS)


def _join(top: Sequence[str], below: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """One heading a column: the lower one, unless the mapping names the upper, which then holds for all its columns."""
    width = max(len(top), len(below))
    upper, lower = [*top, *[""] * (width - len(top))], [*below, *[""] * (width - len(below))]
    for group in _groups(top, width):
        if clean_heading(top[group.start]) in mapping and not any(clean_heading(lower[c]) in mapping for c in group):
            for column in group:
                lower[column] = top[group.start]
    return [low if low.strip() else high for high, low in zip(upper, lower, strict=True)]

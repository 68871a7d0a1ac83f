"""What counts as a list of numbers: a column of a text file under a heading of numbers, or its first column.

Read a line at a time; of each line only the number is looked at. Quotation marks join nothing here, so that one that
is never closed spoils its own line and no other.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, TextIO

from newsletter.errors import InputError
from newsletter.keys import NUMBER_KEY_LENGTH
from newsletter.newsroom import Newsroom, Progress
from newsletter.subscribers.labels import clean_cell
from newsletter.subscribers.lists.problems import Problem, Reject
from newsletter.subscribers.phones import NumberError, normalise_number
from newsletter.text_files import open_text
from newsletter.translation import gettext as _

#: Headings of the column of numbers, folded.
NUMBER_HEADINGS: Final = frozenset(
    ("phone", "number", "mobile number", "手机号", "手机号码", "手机", "号码", "电话", "电话号码", "联系电话")
)
#: Heading of the column of keys, as ``optouts export`` writes it; what a key is; what a masked number has in it.
KEY_HEADING: Final = "number_key"
_KEY: Final = re.compile(rf"[0-9a-f]{{{NUMBER_KEY_LENGTH}}}")
MASK: Final = "*"
_SEPARATORS: Final = ("\t", ";", ",", "；", "，")
#: Numbers looked up and written together.
CHUNK_NUMBERS: Final = 1_000


class ListedNumber(NamedTuple):
    """A number of the list, E.164, and the key it is matched by; the number is empty where only the key is known."""

    number_key: str
    number: str


@dataclass
class ListResult:
    """What became of a list; ``read`` is ``added + unchanged + rejected``.

    Attributes:
        unchanged: lines that said nothing new: said before, or earlier in the list.
        rejects: the lines that hold no mobile number, in the order of the file.
    """

    read: int = 0
    added: int = 0
    unchanged: int = 0
    rejected: int = 0
    rejects: list[Reject] = field(default_factory=list)


#: Writes the numbers of a chunk, each once; returns how many of them were new.
WriteNumbers = Callable[[Sequence[ListedNumber]], int]


def take_numbers(
    newsroom: Newsroom, path: Path, write: WriteNumbers, progress: Progress, *, takes_keys: bool = False
) -> ListResult:
    """Read a list and have its numbers written, a chunk at a time; bad lines are told, not raised.

    Args:
        newsroom: its data key must be here.
        path: the list.
        write: writes the numbers of a chunk.
        progress: told after each chunk.
        takes_keys: a line without a number counts by its ``number_key``, which this newsroom once wrote out.

    Raises:
        InputError: the file cannot be used, or has no column of numbers.
        OutsideError: it cannot be read, or the key that hides numbers is not here.
    """
    result = ListResult()
    number_key = newsroom.data_keys.number_key
    with open_text(path) as (text, survey):
        lines = _read_cells(text, path)
        while chunk := list(islice(lines, CHUNK_NUMBERS)):
            found: dict[str, str] = {}
            for line, cell, key in chunk:
                try:
                    number = normalise_number(cell)
                except NumberError as error:
                    if takes_keys and _KEY.fullmatch(key) and (not cell or MASK in cell):
                        found.setdefault(key, "")
                        continue
                    _reject(result, line, Problem("phone", error.code, error.message))
                else:
                    found.setdefault(number_key(number), number)
            added = write([ListedNumber(key, number) for key, number in found.items()])
            result.read += len(chunk)
            result.added += added
            progress(result.read, max(survey.lines, result.read))
    result.unchanged = result.read - result.added - result.rejected
    return result


def _reject(result: ListResult, line: int, problem: Problem) -> None:
    result.rejected += 1
    result.rejects.append(Reject(line, *problem))


def _read_cells(text: TextIO, path: Path) -> Iterator[tuple[int, str, str]]:
    """The line's number, from 1, its cell of numbers, and of keys; lines without any content are left out."""
    separator = ""
    column: int | None = None
    key_column: int | None = None
    for line, content in enumerate(text, start=1):
        if not content.strip():
            continue
        if column is None:
            separator = next((mark for mark in _SEPARATORS if mark in content), "\n")
            cells = _split(content, separator)
            column, is_heading = _find_column(cells, path)
            if is_heading:
                key_column = cells.index(KEY_HEADING) if KEY_HEADING in cells else None
                continue
        cells = _split(content, separator)
        number, key = (
            cells[place] if place is not None and place < len(cells) else "" for place in (column, key_column)
        )
        yield line, number, key


def _split(content: str, separator: str) -> list[str]:
    return [cell.strip().strip("\"'“”").strip() for cell in content.rstrip("\r\n").split(separator)]


def _find_column(cells: Sequence[str], path: Path) -> tuple[int, bool]:
    """The column of numbers, and whether this first line is its heading."""
    for column, cell in enumerate(cells):
        if clean_cell(cell) in NUMBER_HEADINGS:
            return column, True
    if any(character.isdigit() for character in cells[0]):
        return 0, False
    raise InputError(
        _("{file} has no column of numbers.").format(file=path),
        hint=_("Begin with the heading 手机号 or phone, or with a number; one to a line."),
    )

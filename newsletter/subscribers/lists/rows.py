"""What one row of a subscribers' file says of a person, or why it is refused. No database."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple
from unicodedata import is_normalized, normalize

from newsletter.subscribers.labels import (
    PROFESSION_LABELS,
    STANDING_LABELS,
    means_retired,
    parse_profession,
    parse_standing,
)
from newsletter.subscribers.lists.csv_files import BROKEN
from newsletter.subscribers.lists.headings import Headings
from newsletter.subscribers.lists.problems import Problem
from newsletter.subscribers.phones import NumberError, normalise_number
from newsletter.subscribers.places import Places
from newsletter.subscribers.preferences import PREFERENCE_FIELDS, Preferences, read_flag, read_preferences
from newsletter.translation import gettext as _

#: Characters of the longest name (of a person: the longest in use have about 30).
LONGEST_NAME: Final = 80
#: Digits from which a cell under ``mobile`` is taken for a telephone number.
_NUMBER_LIKE: Final = 5
#: Different combinations of a row's particulars that are remembered; a county's units times what people are.
_REMEMBERED: Final = 1 << 15
_PARTICULARS: Final = ("unit", "region_code", "profession", "standing", "mobile", "retired")


class Particulars(NamedTuple):
    """What a row says of a person besides number and name; None: the file has no such column."""

    unit_id: int
    region_code: str
    profession: str | None
    standing: str | None
    mobile: bool | None
    retired: bool | None


class Person(NamedTuple):
    """A good row; the number is E.164, the name may be empty; preferences: None where no column is about them."""

    number: str
    name: str
    particulars: Particulars
    preferences: Preferences | None = None


RowReader = Callable[[list[str]], Person | Problem]


def row_reader(headings: Headings, places: Places) -> RowReader:
    """A function that reads the rows of one file.

    Rows repeat few combinations of particulars, so each combination is understood once and remembered.
    """
    width = headings.width
    position = headings.position
    phone_at = position["phone"]
    # Behind the last cell of each row an empty one is put, which stands for the columns the file has not.
    name_at = position.get("name", width)
    pick = itemgetter(*(position.get(field, width) for field in _PARTICULARS))
    resolve = lru_cache(_REMEMBERED)(lambda cells: read_particulars(cells, headings, places))
    read_wishes = _preferences_reader(headings)

    def read(cells: list[str]) -> Person | Problem:
        if len(cells) != width:
            fitted = fit_row(cells, width)
            if isinstance(fitted, Problem):
                return fitted
            cells = fitted
        cells.append("")
        try:
            number = normalise_number(cells[phone_at])
        except NumberError as error:
            return Problem("phone", error.code, error.message)
        name = read_name(cells[name_at])
        if isinstance(name, Problem):
            return name
        particulars = resolve(pick(cells))
        if isinstance(particulars, Problem):
            return particulars
        if read_wishes is None:
            return Person(number, name, particulars)
        wishes = read_wishes(cells)
        return wishes if isinstance(wishes, Problem) else Person(number, name, particulars, wishes)

    return read


def _preferences_reader(headings: Headings) -> Callable[[list[str]], Preferences | Problem] | None:
    """What reads the preferences of a row that ends with an empty cell; None where no column is about them."""
    position = headings.position
    if not any(field in position for field in PREFERENCE_FIELDS):
        return None
    pick = itemgetter(*(position.get(field, headings.width) for field in PREFERENCE_FIELDS))
    has = tuple(field in position for field in PREFERENCE_FIELDS)
    return lambda cells: read_preferences(pick(cells), has)


def fit_row(cells: list[str], width: int) -> list[str] | Problem:
    """A row as wide as the header: empty cells at its end may be missing or too many."""
    if cells is BROKEN:
        return Problem("", "malformed_row", _("The quotation marks of this row do not fit."))
    if any(cell.strip() for cell in cells[width:]):
        return Problem("", "malformed_row", _("This row has more cells than the header."))
    return cells[:width] + [""] * (width - len(cells))


def read_name(cell: str) -> str | Problem:
    """A name as it is compared: composed, and without the spaces that pad Chinese names."""
    if cell.isalpha() and len(cell) <= LONGEST_NAME and is_normalized("NFC", cell):
        return cell
    words = normalize("NFC", cell).split()
    name = (" " if all(word.isascii() for word in words) else "").join(words)
    if len(name) > LONGEST_NAME:
        return Problem("name", "bad_name", _("The name has more than {count} characters.").format(count=LONGEST_NAME))
    if "\ufffd" in name or not name.isprintable():
        return Problem("name", "bad_name", _("The name has damaged or invisible characters."))
    return name


def read_particulars(cells: Sequence[str], headings: Headings, places: Places) -> Particulars | Problem:
    """Understand unit, region_code, profession, standing, mobile and retired, given in this order."""
    unit, region, profession, standing, mobile, retired = cells
    home = places.find_home(unit, region)
    if isinstance(home, Problem):
        return home
    calling = _read_profession(profession)
    rank = _read_standing(standing)
    away = _read_mobile(mobile)
    aged = _read_retired(retired)
    for answer in (calling, rank, away, aged):
        if isinstance(answer, Problem):
            return answer
    says_retired = means_retired(profession)
    return Particulars(
        home.unit_id,
        home.region_code,
        str(calling) if headings.has("profession") else None,
        str(rank) if headings.has("standing") else None,
        bool(away) if headings.has("mobile") else None,
        says_retired or bool(aged) if says_retired or headings.has("retired") else None,
    )


def _read_profession(cell: str) -> str | Problem:
    if not cell.strip() or means_retired(cell):
        return ""
    return parse_profession(cell) or _unknown_word("profession", PROFESSION_LABELS.items())


def _read_standing(cell: str) -> str | Problem:
    if not cell.strip():
        return ""
    return parse_standing(cell) or _unknown_word("standing", STANDING_LABELS.items())


def _unknown_word(field: str, labels: Iterable[tuple[str, str]]) -> Problem:
    choices = ", ".join(f"{code} {label}" for code, label in labels)
    message = _("This is no {field}: {choices}.").format(field=_(field), choices=choices)
    return Problem(field, f"unknown_{field}", message)


def _read_mobile(cell: str) -> bool | Problem:
    if sum(c.isdigit() for c in cell) >= _NUMBER_LIKE:
        message = _("mobile means 流动, away from home (yes or no); a telephone number belongs under phone.")
        return Problem("mobile", "number_in_mobile", message)
    return read_flag("mobile", cell)


def _read_retired(cell: str) -> bool | Problem:
    return read_flag("retired", cell)

"""What a census list says: its people, and which rows cannot be taken; who stands on a bad row is there as well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from newsletter.errors import InputError
from newsletter.keys import DataKeys
from newsletter.subscribers.census.matching import Row
from newsletter.subscribers.form_words import CORRECTIONS
from newsletter.subscribers.labels import parse_standing
from newsletter.subscribers.lists.entries import Columns
from newsletter.subscribers.lists.headings import Headings, clean_heading, read_headings
from newsletter.subscribers.lists.problems import Problem, Reject
from newsletter.subscribers.lists.rows import Person, fit_row, read_name, row_reader
from newsletter.subscribers.models import Standing
from newsletter.subscribers.phones import MissingNumberError, NumberError, normalise_number
from newsletter.subscribers.places import Places
from newsletter.translation import gettext as _

#: Stands for a number while the rest of its row is read; never kept.
_STAND_IN: Final = "13800000000"
#: How a number is masked; such a list is a form that was printed without its numbers.
_MASKED: Final = "****"
_UNIT: Final = "unit"
#: Who counts against the known number of members; a list that says nothing of standing is a list of members.
MEMBER_STANDINGS: Final = (Standing.FULL, Standing.PROBATIONARY, "")


class Remark(NamedTuple):
    """What a branch wrote beside somebody on its form, in plain; the number is E.164 or empty."""

    line: int
    number: str
    name: str
    text: str


@dataclass
class CensusList:
    """A list that was read.

    Attributes:
        rows: everybody who can be told by number or name, also who stands on a rejected row.
        rejects: the rejected rows and their cells, in the order of the file.
        listed: people on the list.
        members: of these, members by what the list says of their standing, or all if it says nothing.
        without_number: of these, whose number is missing.
        invalid_number: whose number is none that can be written to; their rows are rejected.
        unreadable: rejected rows of which nobody can be told.
        remarks: what stands in the form's own column for corrections; nothing follows from it by itself.
        other_sheets: of a workbook, further sheets that look like lists and were not read.
    """

    headings: Headings
    columns: Columns
    rows: list[Row] = field(default_factory=list)
    rejects: list[tuple[Reject, list[str]]] = field(default_factory=list)
    listed: int = 0
    members: int = 0
    remarks: list[Remark] = field(default_factory=list)
    without_number: int = 0
    invalid_number: int = 0
    unreadable: int = 0
    other_sheets: tuple[str, ...] = ()


class _Number(NamedTuple):
    """What stands for a number: E.164 or nothing, and why nothing."""

    number: str
    problem: Problem | None = None
    is_missing: bool = False


class ListReader:
    """Reads the rows of one list, and keeps in mind who stood on which line."""

    def __init__(
        self, headings: Headings, places: Places, keys: DataKeys, *, unit_code: str, inside_ids: frozenset[int]
    ) -> None:
        """``unit_code``: the census unit, whose rows name no other; ``inside_ids``: it and all under it."""
        self.result = CensusList(headings, Columns(headings.has(_UNIT), headings.has("region_code")))
        self._keys = keys
        self._unit_code = unit_code
        self._inside_ids = inside_ids
        with_unit = _with_unit(headings)
        self._read = row_reader(with_unit, places)
        self._at = with_unit.position
        self._first: dict[tuple[str, str], int] = {}
        self._names: dict[str, dict[int | None, int]] = {}
        self._remark_at = next((at for at, name in enumerate(headings.names) if is_remark_heading(name)), None)

    def take(self, line: int, cells: list[str]) -> None:
        """Take in one row."""
        fitted = fit_row(cells, self.result.headings.width)
        if isinstance(fitted, Problem):
            self.result.unreadable += 1
            self._reject(line, fitted, cells)
            return
        number, name = _read_number(fitted[self._at["phone"]]), self._name(fitted)
        self._remark(line, fitted, number, name)
        unit_id, answer = self._rest(fitted, number.number or _STAND_IN)
        problem = self._problem(number, name, answer)
        known_name = "" if isinstance(name, Problem) else name
        person = answer._replace(number=number.number) if isinstance(answer, Person) and problem is None else None
        keys = self._keys
        number_key = keys.number_key(number.number) if number.number else ""
        row = Row(line, number_key, keys.name_key(known_name), unit_id, person)
        self._keep(row, number, problem, cells, is_member=self._is_member(fitted))

    def _remark(self, line: int, cells: Sequence[str], number: _Number, name: str | Problem) -> None:
        text = "" if self._remark_at is None else " ".join(cells[self._remark_at].split())
        if text:
            known_name = "" if isinstance(name, Problem) else name
            self.result.remarks.append(Remark(line, number.number, known_name, text))

    def _is_member(self, cells: Sequence[str]) -> bool:
        at = self._at.get("standing")
        return at is None or (parse_standing(cells[at]) or "") in MEMBER_STANDINGS

    def _keep(self, row: Row, number: _Number, problem: Problem | None, cells: list[str], *, is_member: bool) -> None:
        duplicate = self._duplicate(row)
        if duplicate is None:
            self.result.listed += 1
            self.result.members += is_member
            self.result.invalid_number += number.problem is not None and not number.is_missing
            self.result.without_number += number.is_missing
            is_told = bool(row.number_key or row.name_key)
            self.result.unreadable += not is_told
            if is_told:
                self.result.rows.append(row)
        found = duplicate or problem
        if found is not None:
            self._reject(row.line, found, cells)

    def _name(self, cells: Sequence[str]) -> str | Problem:
        return read_name(cells[self._at["name"]]) if "name" in self._at else ""

    def _rest(self, cells: list[str], number: str) -> tuple[int | None, Person | Problem]:
        """The unit that a row names, if it does, and the row read with ``number`` in the place of what stands there."""
        has = self.result.headings.has
        unit = cells[self._at[_UNIT]].strip() if has(_UNIT) else ""
        region = cells[self._at["region_code"]].strip() if has("region_code") else ""
        full = cells if has(_UNIT) else [*cells, ""]
        full = list(full)
        full[self._at["phone"]] = number
        full[self._at[_UNIT]] = unit or ("" if region else self._unit_code)
        answer = self._read(full)
        if isinstance(answer, Problem):
            return None, answer
        if unit and answer.particulars.unit_id not in self._inside_ids:
            return None, Problem(_UNIT, "not_in_unit", _("This unit is not one of those the census is of."))
        if unit:
            return answer.particulars.unit_id, answer
        if not region:
            answer = answer._replace(particulars=answer.particulars._replace(region_code=""))
        return None, answer

    def _problem(self, number: _Number, name: str | Problem, answer: Person | Problem) -> Problem | None:
        if number.problem is not None and not (number.is_missing and name):
            return number.problem
        if isinstance(name, Problem):
            return name
        return answer if isinstance(answer, Problem) else None

    def _duplicate(self, row: Row) -> Problem | None:
        if row.number_key:
            first = self._first.setdefault((row.number_key, row.name_key), row.line)
            if first == row.line:
                return None
            return Problem("phone", "duplicate", _("The same number and name as on line {line}.").format(line=first))
        first = self._first_of_name(row) if row.name_key else row.line
        if first == row.line:
            return None
        message = _("The same name without a number as on line {line}; tell them apart by their numbers.")
        return Problem("name", "duplicate", message.format(line=first))

    def _first_of_name(self, row: Row) -> int:
        """The line on which this name stood first without a number: in the row's unit, or where none was said."""
        lines = self._names.setdefault(row.name_key, {})
        known = min(lines.values(), default=row.line) if row.unit_id is None else lines.get(None, row.line)
        return min(known, lines.setdefault(row.unit_id, row.line))

    def _reject(self, line: int, problem: Problem, cells: list[str]) -> None:
        self.result.rejects.append((Reject(line, *problem), cells))


def list_headings(cells: Sequence[str], mapping: Mapping[str, str], file: str, line: int = 1) -> Headings:
    """Understand a list's line of headings; it may have neither unit nor region.

    Raises:
        InputError: as ``read_headings``.
    """
    try:
        headings = read_headings(cells, mapping, file, line)
    except InputError as error:
        try:
            headings = read_headings([*cells, _UNIT], mapping, file, line)
        except InputError:
            raise error from None
    else:
        return _know_remarks(headings)
    position = {name: place for name, place in headings.position.items() if name != _UNIT}
    return _know_remarks(replace(headings, width=len(cells), position=position, names=tuple(cells)))


def is_remark_heading(heading: str) -> bool:
    """Whether a column is the form's own for corrections."""
    return clean_heading(heading) == CORRECTIONS


def _know_remarks(headings: Headings) -> Headings:
    """The column for corrections is read, and no unknown one."""
    return replace(headings, unknown=tuple(name for name in headings.unknown if not is_remark_heading(name)))


def _with_unit(headings: Headings) -> Headings:
    """The same with a column of units, at its end if there was none: rows are read with it filled in."""
    if headings.has(_UNIT):
        return headings
    position = {**headings.position, _UNIT: headings.width}
    return replace(headings, width=headings.width + 1, position=position, names=(*headings.names, _UNIT))


def _read_number(cell: str) -> _Number:
    try:
        return _Number(normalise_number(cell))
    except MissingNumberError as error:
        return _Number("", Problem("phone", error.code, error.message), is_missing=True)
    except NumberError as error:
        if _MASKED in cell:
            return _Number("", Problem("phone", "masked_number", _("The number is masked; nobody can be told by it.")))
        return _Number("", Problem("phone", error.code, error.message))

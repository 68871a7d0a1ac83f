"""Unit files: many units from one CSV, ``code,name,kind,parent,region_code,members``; all rows or none."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Final
from unicodedata import normalize

from sqlmodel import Session, select

from newsletter.errors import InputError, NewsletterError
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import (
    ROOT,
    BadCountError,
    Unit,
    UnitKind,
    add_unit,
    get_unit,
    set_known_members,
    update_unit,
)
from newsletter.text_files import read_text_file
from newsletter.translation import gettext as _

REQUIRED: Final = ("code", "name", "kind")
OPTIONAL: Final = ("parent", "region_code", "members")
#: Other headings of the same columns.
_SYNONYMS: Final = {"党员数": "members"}
_LONGEST_COUNT: Final = 9
#: Which field an error of a row is about, by the error's code.
_FIELDS: Final = {
    "bad_kind": "kind",
    "bad_name": "name",
    "unknown_unit": "parent",
    "unit_cycle": "parent",
    "unknown_region": "region_code",
    "region_taken": "region_code",
    "bad_members": "members",
}


class UnitFileError(InputError):
    """A unit file with an error in it; the message names file, line and field."""

    code: ClassVar[str] = "unit_file"


@dataclass(frozen=True)
class UnitsImported:
    """How many rows were read, added, updated and left as they were."""

    read: int
    added: int
    updated: int
    unchanged: int


class UnitKindError(InputError):
    """A word that is no kind of unit."""

    code: ClassVar[str] = "bad_kind"


def parse_unit_kind(kind: str) -> UnitKind:
    """A kind by its word.

    Raises:
        UnitKindError: unknown; the message names the known ones.
    """
    try:
        return UnitKind(kind.strip().lower())
    except ValueError as error:
        known = ", ".join(UnitKind)
        raise UnitKindError(
            _("{kind} is not a kind of unit; known are {known}.").format(kind=kind, known=known)
        ) from error


def parse_members(cell: str) -> int | None:
    """A number of members as a sheet has it, ``42`` or ``42.0``; None for an empty cell.

    Raises:
        BadCountError: no number.
    """
    digits = normalize("NFKC", cell).strip().removesuffix(".0")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_COUNT):
        raise BadCountError(_("{count} is no number of members.").format(count=cell[:20]))
    return int(digits)


def import_units(newsroom: Newsroom, path: Path) -> UnitsImported:
    """Add, or bring up to date, every unit of a file.

    Raises:
        UnitFileError: a malformed file or row, by line and field; nothing is changed then.
        InputError, OutsideError: the file cannot be read.
        NoRightError: the acting person is no admin.
    """
    rows = _read_rows(path)
    _refuse_doubles(path, rows)
    counts = {"added": 0, "updated": 0, "unchanged": 0}
    with newsroom.writing() as session:
        require_right(session, newsroom, Right.STRUCTURE, get_unit(session, ROOT).id)
        for line, row in rows:
            counts[_import_row(session, path, line, row, newsroom.now())] += 1
        session.commit()
    return UnitsImported(read=len(rows), **counts)


def _import_row(session: Session, path: Path, line: int, row: dict[str, str], now: datetime) -> str:
    """Add or update one unit; says which. An empty cell says nothing of its members."""
    try:
        kind, members = parse_unit_kind(row["kind"]), parse_members(row.get("members", ""))
        parent, region = row.get("parent") or ROOT, row.get("region_code") or None
        known = session.exec(select(Unit).where(Unit.code == row["code"])).first()
        if known is None:
            unit = add_unit(session, code=row["code"], name=row["name"], kind=kind, parent=parent, region_code=region)
            if members is not None:
                set_known_members(session, unit, members, at=now)
            return "added"
        changed = update_unit(session, known, name=row["name"], kind=kind, parent=parent, region_code=region)
        if members is not None:
            changed = set_known_members(session, known, members, at=now) or changed
    except NewsletterError as error:
        message = _("{path} line {line}, field {field}: {reason}")
        field = _FIELDS.get(error.code, "code")
        raise UnitFileError(message.format(path=path, line=line, field=field, reason=error.message)) from error
    return "updated" if changed else "unchanged"


def _refuse_doubles(path: Path, rows: list[tuple[int, dict[str, str]]]) -> None:
    first_lines: dict[str, int] = {}
    for line, row in rows:
        first = first_lines.setdefault(row["code"], line)
        if first != line:
            message = _("{path} line {line}, field {field}: {code} stands on line {first} already.")
            raise UnitFileError(message.format(path=path, line=line, field="code", code=row["code"], first=first))


def _read_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(read_text_file(path), newline=""))
    try:
        headings = [_SYNONYMS.get(heading.strip(), heading.strip()) for heading in next(reader, [])]
        twice = [heading for heading in headings if headings.count(heading) > 1]
        if twice:
            raise UnitFileError(
                _("{path} line 1: the column {column} stands twice.").format(path=path, column=twice[0])
            )
        missing = [name for name in REQUIRED if name not in headings]
        if missing:
            raise UnitFileError(
                _("{path} line 1: the column {column} is missing.").format(path=path, column=missing[0])
            )
        unknown = [heading for heading in headings if heading not in (*REQUIRED, *OPTIONAL)]
        if unknown:
            known = ", ".join((*REQUIRED, *OPTIONAL))
            message = _("{path} line 1: unknown column {column}; known are {known}.")
            raise UnitFileError(message.format(path=path, column=unknown[0], known=known))
        return [_named(path, reader.line_num, headings, cells) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        message = _("{path} line {line}: not a CSV file.")
        raise UnitFileError(message.format(path=path, line=reader.line_num)) from error


def _named(path: Path, line: int, headings: list[str], cells: list[str]) -> tuple[int, dict[str, str]]:
    if len(cells) > len(headings):
        message = _("{path} line {line}: {found} cells under {expected} headings.")
        raise UnitFileError(message.format(path=path, line=line, found=len(cells), expected=len(headings)))
    padded = [*cells, *[""] * (len(headings) - len(cells))]
    row = dict(zip(headings, map(str.strip, padded), strict=True))
    for name in REQUIRED:
        if not row[name]:
            message = _("{path} line {line}, field {field}: empty.")
            raise UnitFileError(message.format(path=path, line=line, field=name))
    return line, row

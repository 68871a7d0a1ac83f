"""An extract of the register as a file that can be imported again: who may write one, and what stands in it."""

import csv
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from sqlmodel import Session, col, func, select

from newsletter.errors import InputError
from newsletter.files import draft_file
from newsletter.journal.statements import Verb, unlock_key
from newsletter.keys import DataKeys
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import ROOT, Unit, get_unit, subtree_ids
from newsletter.subscribers.labels import PROFESSION_LABELS, STANDING_LABELS
from newsletter.subscribers.lists.rejects import escape_formula
from newsletter.subscribers.models import Profession, Standing, Status, Subscriber
from newsletter.subscribers.phones import COUNTRY_PREFIX, mask_name, mask_number
from newsletter.subscribers.privacy.disclosing import check_purpose, journal_disclosure
from newsletter.subscribers.register import decrypt_person
from newsletter.translation import gettext as _

#: Headings that ``subscribers import`` knows, in its own order of fields.
HEADINGS: Final = (
    "手机号", "姓名", "单位", "地区代码", "职业", "身份", "流动", "离退休", "接收方式", "语言", "大字版", "现居住地",
)  # fmt: skip
_FLAGS: Final = {True: "是", False: "否"}
_PAGE: Final = 1_000
#: Rows of a worksheet (Excel's own limit), its headings left out.
_LONGEST_SHEET: Final = 1_048_575


class FileKindError(InputError):
    """Members are written to CSV or XLSX files only."""

    code: ClassVar[str] = "file_kind"


@dataclass(frozen=True, kw_only=True)
class Extract:
    """What was written: the file, and how many people."""

    file: str
    people: int
    masked: bool

    def as_document(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def count_extract(newsroom: Newsroom, unit: str) -> int:
    """How many people an extract of a unit, with all under it, would hold.

    Raises:
        UnknownUnitError: looked up in vain.
        NoRightError: the acting person may not.
    """
    with newsroom.reading() as session:
        require_right(session, newsroom, Right.EXPORT, get_unit(session, ROOT).id)
        return session.exec(select(func.count()).where(*_people_of(session, unit))).one()


def export_register(newsroom: Newsroom, unit: str, path: Path, *, purpose: str, is_masked: bool = False) -> Extract:
    """Write everybody active of a unit, and of those under it, to a file readable by its owner only.

    The journal's statement is committed before the file is there.

    Args:
        newsroom: its acting person needs the right at the root.
        unit: code or exact name.
        path: ``.csv`` or ``.xlsx``.
        purpose: for what; no numbers, at most 200 characters.
        is_masked: numbers, names and present places masked; such a file cannot be imported.

    Raises:
        FileKindError: another kind of file.
        PurposeError, RemarkError: no purpose, or one with a number in it.
        NoRightError: the acting person may not.
        UnwritableError: it cannot be written.
        MissingKeyError: the key is not here.
    """
    purpose, kind = check_purpose(purpose), path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise FileKindError(_("{file} is neither .csv nor .xlsx.").format(file=path.name))
    unlock_key(newsroom)
    with newsroom.reading() as session:
        require_right(session, newsroom, Right.EXPORT, get_unit(session, ROOT).id)
        if kind == ".xlsx":
            _raise_if_too_long(session, unit)
    with draft_file(path, is_private=True) as draft:
        with newsroom.reading() as session:
            rows = _rows(session, newsroom.data_keys, unit, is_masked=is_masked)
            people = _write_csv(draft, rows) if kind == ".csv" else _write_workbook(draft, rows)
        _journal_extract(newsroom, unit, purpose=purpose, people=people, is_masked=is_masked, kind=kind)
    return Extract(file=str(path), people=people, masked=is_masked)


def _journal_extract(newsroom: Newsroom, unit: str, *, purpose: str, people: int, is_masked: bool, kind: str) -> None:
    with newsroom.writing() as session:
        require_right(session, newsroom, Right.EXPORT, get_unit(session, ROOT).id)
        details = {"units": [get_unit(session, unit).code], "masked": is_masked, "format": kind[1:]}
        journal_disclosure(
            session, newsroom, Verb.EXPORT, subject="subscribers", purpose=purpose, count=people, details=details
        )
        session.commit()


def _people_of(session: Session, unit: str) -> tuple[Any, Any]:
    units = subtree_ids(session, get_unit(session, unit).id or 0)
    return col(Subscriber.unit_id).in_(units), col(Subscriber.status) == Status.ACTIVE


def _rows(session: Session, keys: DataKeys, unit: str, *, is_masked: bool) -> Iterator[tuple[str, ...]]:
    codes = {found.id: found.code for found in session.exec(select(Unit))}
    where, after = _people_of(session, unit), 0
    while True:
        query = select(Subscriber).where(*where, col(Subscriber.id) > after).order_by(col(Subscriber.id)).limit(_PAGE)
        page = list(session.exec(query))
        if not page:
            return
        for person in page:
            yield _row(keys, person, codes[person.unit_id], is_masked=is_masked)
        after = page[-1].id or 0
        session.expunge_all()


def _row(keys: DataKeys, person: Subscriber, unit: str, *, is_masked: bool) -> tuple[str, ...]:
    number, name, place = decrypt_person(keys, person)
    if is_masked:
        number, name, place = mask_number(number), mask_name(name), "***" if place else ""
    return (
        number.removeprefix(COUNTRY_PREFIX),
        name,
        unit,
        person.region_code,
        PROFESSION_LABELS[Profession(person.profession)] if person.profession else "",
        STANDING_LABELS[Standing(person.standing)] if person.standing else "",
        _FLAGS[person.mobile],
        _FLAGS[person.retired],
        person.channel,
        person.language,
        _FLAGS[person.large_type],
        place,
    )


def _raise_if_too_long(session: Session, unit: str) -> None:
    people = session.exec(select(func.count()).where(*_people_of(session, unit))).one()
    if people > _LONGEST_SHEET:
        raise FileKindError(
            _("A worksheet holds {most} people; these are {count}.").format(most=_LONGEST_SHEET, count=people),
            hint=_("Write them to a .csv file."),
        )


def _write_csv(path: Path, rows: Iterable[tuple[str, ...]]) -> int:
    """Write row by row; how many there were."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(HEADINGS)
        for count, row in enumerate(rows, start=1):  # noqa: B007 (the last one is how many)
            writer.writerow([escape_formula(cell) for cell in row])
    return count


def _write_workbook(path: Path, rows: Iterable[tuple[str, ...]]) -> int:
    """Write row by row; how many there were."""
    import xlsxwriter

    line = 0
    # The library keeps rows in files until the end: where the result will lie, for its owner only, and gone after.
    with tempfile.TemporaryDirectory(prefix=f"{path.name}.", dir=path.parent) as scratch:
        options = {"constant_memory": True, "tmpdir": scratch}
        with path.open("wb") as file, xlsxwriter.Workbook(file, options) as book:
            sheet, heading = book.add_worksheet("党员"), book.add_format({"bold": True})
            sheet.set_column(0, len(HEADINGS) - 1, 14)
            sheet.freeze_panes(1, 0)
            for place, title in enumerate(HEADINGS):
                sheet.write_string(0, place, title, heading)
            for line, row in enumerate(rows, start=1):
                for place, cell in enumerate(row):
                    # Numbers as text, so that no spreadsheet shows them as 1.39E+10.
                    sheet.write_string(line, place, cell)
    return line

"""An extract of the register as a file that can be imported again: who may write one, and what stands in it."""

import csv
import io
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from sqlmodel import Session, col, func, select

from newsletter.errors import InputError, OutsideError
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
        OutsideError: it cannot be written, or the key is not here.
    """
    purpose, kind = check_purpose(purpose), path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise FileKindError(_("{file} is neither .csv nor .xlsx.").format(file=path.name))
    unlock_key(newsroom)
    with newsroom.reading() as session:
        require_right(session, newsroom, Right.EXPORT, get_unit(session, ROOT).id)
        rows = list(_rows(session, newsroom.data_keys, unit, is_masked=is_masked))
    content = _make_csv(rows) if kind == ".csv" else _make_workbook(rows)
    with newsroom.writing() as session:
        require_right(session, newsroom, Right.EXPORT, get_unit(session, ROOT).id)
        details = {"units": [get_unit(session, unit).code], "masked": is_masked, "format": kind[1:]}
        journal_disclosure(
            session, newsroom, Verb.EXPORT, subject="subscribers", purpose=purpose, count=len(rows), details=details
        )
        session.commit()
    write_private(path, content)
    return Extract(file=str(path), people=len(rows), masked=is_masked)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that its owner only can read, whole or not at all; one that is there is replaced.

    Raises:
        OutsideError: it cannot be written.
    """
    draft = ""
    try:
        # mkstemp makes it 0600.
        descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except OSError as error:
        raise OutsideError(_("Cannot write {path}: {reason}.").format(path=path, reason=error.strerror)) from error
    finally:
        if draft:
            with suppress(FileNotFoundError):
                Path(draft).unlink()


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


def _make_csv(rows: Sequence[Sequence[str]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows([[escape_formula(cell) for cell in row] for row in rows])
    return stream.getvalue().encode("utf-8-sig")


def _make_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    import xlsxwriter

    if len(rows) > _LONGEST_SHEET:
        raise FileKindError(
            _("A worksheet holds {most} people; these are {count}.").format(most=_LONGEST_SHEET, count=len(rows)),
            hint=_("Write them to a .csv file."),
        )
    stream = io.BytesIO()
    # In memory: the library's temporary files would hold members' numbers.
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet, heading = book.add_worksheet("党员"), book.add_format({"bold": True})
        for line, row in enumerate([HEADINGS, *rows]):
            for place, cell in enumerate(row):
                # Numbers as text, so that no spreadsheet shows them as 1.39E+10.
                sheet.write_string(line, place, cell, *([heading] if line == 0 else []))
        sheet.set_column(0, len(HEADINGS) - 1, 14)
        sheet.freeze_panes(1, 0)
    return stream.getvalue()

"""How a file of subscribers comes into the register: good rows are kept, bad ones told; all of it, or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from sqlmodel import Session

from newsletter.newsroom import Newsroom, Progress
from newsletter.organisation.roles import Right
from newsletter.organisation.scope import Scope, unit_ids_with_right
from newsletter.organisation.staff import require_staff
from newsletter.subscribers.lists.csv_files import Line
from newsletter.subscribers.lists.entries import (
    Columns,
    Entry,
    EntryWriter,
    KnownPeople,
    Tally,
)
from newsletter.subscribers.lists.first_lines import FirstLines, first_lines
from newsletter.subscribers.lists.headings import Headings, read_mapping
from newsletter.subscribers.lists.problems import Problem, Reject
from newsletter.subscribers.lists.reject_lists import RejectList
from newsletter.subscribers.lists.rejects import RejectsFile, rejects_file
from newsletter.subscribers.lists.row_files import RowFile, open_rows
from newsletter.subscribers.lists.rows import RowReader, row_reader
from newsletter.subscribers.lists.unwanted import find_dead, find_foreign
from newsletter.subscribers.places import read_places
from newsletter.subscribers.registering import keep_others_out
from newsletter.translation import gettext as _

#: Rows looked up and written together. Measured: 10,000 at a time are a tenth slower, and take more memory.
CHUNK_ROWS: Final = 1_000
_DUPLICATE: Final = "duplicate"


@dataclass
class ImportResult:
    """What became of a file's rows; ``read`` is ``added + updated + unchanged + rejected``.

    Attributes:
        suppressed: of those taken in, rows whose number left every paper; they are not written to all the same. None
            to who may import for some units only: a branch is not told who left, nor may it find out by importing.
        rejects: the rejected rows, in the order of the file.
        unknown_columns: columns that were dropped, as they may be named.
        other_sheets: further sheets of the workbook that look like lists, and were not read.
    """

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    suppressed: int | None = 0
    rejects: RejectList = field(default_factory=RejectList)
    unknown_columns: tuple[str, ...] = ()
    other_sheets: tuple[str, ...] = ()

    def count(self, tally: Tally) -> None:
        """Add what became of one chunk."""
        self.added += tally.added
        self.updated += tally.updated
        self.unchanged += tally.unchanged
        if self.suppressed is not None:
            self.suppressed += tally.suppressed


def import_subscribers(
    newsroom: Newsroom,
    path: Path,
    *,
    mapping: Sequence[str] = (),
    sheet: str | None = None,
    rejects: Path | None = None,
    is_dry: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> ImportResult:
    """Import a list of members in one transaction; importing it again changes nothing.

    Who may import for some units only has the rows of all others rejected.

    Args:
        newsroom: where to, and who acts.
        path: the file, CSV or a workbook.
        mapping: ``column=field`` for headings that are not the usual ones.
        sheet: of a workbook, the sheet; None: the first visible one that looks like a list.
        rejects: where to write the rejected rows, if anywhere.
        is_dry: look at everything and change nothing in the newsroom.
        progress: told after each chunk.

    Raises:
        InputError: the file, its headings or ``mapping`` cannot be used; nothing was imported.
        NoRightError: the acting person may not import.
        OutsideError: file, database or key cannot be read, or ``rejects`` not written; nothing was imported.
    """
    fields = read_mapping(mapping)
    with newsroom.reading() if is_dry else newsroom.writing() as session:
        scope = unit_ids_with_right(session, newsroom, Right.IMPORT)
        with open_rows(path, fields, sheet=sheet) as file, rejects_file(rejects, path) as bad, first_lines() as seen:
            if not is_dry:
                keep_others_out(session)
            run = _Run(session, newsroom, file, seen, bad, scope=scope, is_dry=is_dry)
            for chunk in _chunks(file.lines):
                run.take(chunk)
                progress(run.result.read, max(file.count, run.result.read))
            run.finish()
            if bad is not None:
                bad.seal()
            if not is_dry:
                session.commit()
            if bad is not None:
                bad.finish()
    return run.result


class _Run:
    """One import under way."""

    def __init__(
        self,
        session: Session,
        newsroom: Newsroom,
        file: RowFile,
        seen: FirstLines,
        bad: RejectsFile | None,
        *,
        scope: Scope,
        is_dry: bool,
    ) -> None:
        self._scope = scope
        self._headings = headings = file.headings
        self.result = ImportResult(unknown_columns=headings.unknown, other_sheets=file.other_sheets)
        if scope is not None:
            self.result.suppressed = None
        self._keys = newsroom.data_keys
        self._read: RowReader = row_reader(headings, read_places(session))
        columns = Columns(headings.has("unit"), headings.has("region_code"))
        staff_id = require_staff(session, newsroom).id or 0
        self._writer = EntryWriter(
            session, newsroom.data_keys, columns, newsroom.now(), staff_id=staff_id, is_dry=is_dry
        )
        self._seen = seen
        self._bad = bad
        if bad is not None:
            bad.write_headings(headings)

    def take(self, chunk: Sequence[Line]) -> None:
        """Take in one chunk of rows."""
        problems: dict[int, Problem] = {}
        entries = self._understand(chunk, problems)
        again = self._seen.note(entries)
        known = self._writer.look_up(entries)
        problems |= self._find_unwanted(entries, known)
        problems |= self._find_undecided(chunk, entries, known)
        problems |= {line: _duplicate(first) for line, first in again.items()}
        if problems:
            entries = [entry for entry in entries if entry.line not in problems]
        self.result.read += len(chunk)
        self.result.count(self._writer.write(entries, known))
        if problems:
            self._reject(chunk, problems)

    def finish(self) -> None:
        """Bring to its end what is done once for all rows."""
        self._writer.finish()

    def _find_unwanted(self, entries: Sequence[Entry], known: KnownPeople) -> dict[int, Problem]:
        """Rows of people who died, for units that are not the importing person's, or of people of such units so far."""
        problems: dict[int, Problem] = {}
        dead = find_dead(entries, known) if known else ()
        if dead:
            message = _(
                "The register says that this person died. If that is wrong: newsletter subscribers update ID --back"
            )
            problems |= dict.fromkeys(dead, Problem("name", "recorded_dead", message))
        if self._scope is not None:
            taken = _("The register has this person under a unit that is not yours; the unit above both can move them.")
            elsewhere = Problem("unit", "registered_elsewhere", taken)
            problems |= dict.fromkeys(find_foreign(entries, known, self._scope), elsewhere)
            named = Problem("unit", "not_your_unit", _("This unit is not yours."))
            scope = self._scope
            problems |= {e.line: named for e in entries if e.person.particulars.unit_id not in scope}
        return problems

    def _find_undecided(
        self, chunk: Sequence[Line], entries: Sequence[Entry], known: KnownPeople
    ) -> dict[int, Problem]:
        """Of our own file of rejects, rows that were duplicates and still are of somebody the register has by now."""
        twice = _told_twice(chunk, self._headings)
        found = [e.line for e in entries if e.line in twice and (e.number_key, e.name_key) in known]
        message = _("It was rejected as a duplicate; if this is the row that holds, empty its error_code.")
        return dict.fromkeys(found, Problem("phone", _DUPLICATE, message))

    def _understand(self, chunk: Sequence[Line], problems: dict[int, Problem]) -> list[Entry]:
        read, number_key, name_key = self._read, self._keys.number_key, self._keys.name_key
        entries: list[Entry] = []
        for line, cells in chunk:
            answer = read(cells)
            if isinstance(answer, Problem):
                problems[line] = answer
            else:
                entries.append(Entry(line, number_key(answer.number), name_key(answer.name), answer))
        return entries

    def _reject(self, chunk: Sequence[Line], problems: dict[int, Problem]) -> None:
        for line, cells in chunk:
            problem = problems.get(line)
            if problem is None:
                continue
            reject = Reject(line, *problem)
            self.result.rejected += 1
            self.result.rejects.append(reject)
            if self._bad is not None:
                self._bad.write(reject, cells)


def _duplicate(first: int) -> Problem:
    return Problem("phone", _DUPLICATE, _("The same number and name as on line {line}.").format(line=first))


def _told_twice(chunk: Sequence[Line], headings: Headings) -> set[int]:
    """The lines of a file of rejects that say of themselves that they were duplicates."""
    at = headings.code_at
    if at is None:
        return set()
    return {line for line, cells in chunk if at < len(cells) and cells[at].strip() == _DUPLICATE}


def _chunks(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while chunk := list(islice(lines, CHUNK_ROWS)):
        yield chunk

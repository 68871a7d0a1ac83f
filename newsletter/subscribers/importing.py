"""How a file of subscribers comes into the register: good rows are kept, bad ones told; all of it, or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from sqlmodel import Session

from newsletter.errors import InputError
from newsletter.newsroom import Newsroom, Progress
from newsletter.organisation.roles import Right
from newsletter.organisation.scope import Scope, unit_ids_with_right
from newsletter.subscribers.csv_files import Line, read_lines
from newsletter.subscribers.entries import Columns, Entry, EntryWriter, Tally
from newsletter.subscribers.first_lines import FirstLines, first_lines
from newsletter.subscribers.headings import Headings, read_headings, read_mapping
from newsletter.subscribers.places import read_places
from newsletter.subscribers.problems import Problem, Reject
from newsletter.subscribers.rejects import RejectsFile, rejects_file
from newsletter.subscribers.rows import RowReader, row_reader
from newsletter.text_files import open_text
from newsletter.translation import gettext as _

#: Rows looked up and written together. Measured: 10,000 at a time are a tenth slower, and take more memory.
CHUNK_ROWS: Final = 1_000


@dataclass
class ImportResult:
    """What became of a file's rows; ``read`` is ``added + updated + unchanged + rejected``.

    Attributes:
        suppressed: of those taken in, rows whose number left every paper; they are not written to all the same.
        rejects: the rejected rows, in the order of the file.
        unknown_columns: columns that were dropped, as they may be named.
    """

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    suppressed: int = 0
    rejects: list[Reject] = field(default_factory=list)
    unknown_columns: tuple[str, ...] = ()

    def count(self, tally: Tally) -> None:
        """Add what became of one chunk."""
        self.added += tally.added
        self.updated += tally.updated
        self.unchanged += tally.unchanged
        self.suppressed += tally.suppressed


def import_subscribers(
    newsroom: Newsroom,
    path: Path,
    *,
    mapping: Sequence[str] = (),
    rejects: Path | None = None,
    is_dry: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> ImportResult:
    """Import a CSV file in one transaction; importing it again changes nothing.

    Who may import for some units only has the rows of all others rejected.

    Args:
        newsroom: where to, and who acts.
        path: the file.
        mapping: ``column=field`` for headings that are not the usual ones.
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
        with open_text(path) as (text, survey), rejects_file(rejects, path) as bad, first_lines() as seen:
            lines = read_lines(text, path)
            headings = read_headings(_first_cells(lines, path), fields, str(path))
            if not is_dry:
                _keep_others_out(session)
            run = _Run(session, newsroom, headings, seen, bad, scope=scope, is_dry=is_dry)
            for chunk in _chunks(lines):
                run.take(chunk)
                progress(run.result.read, max(survey.lines - 1, run.result.read))
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
        headings: Headings,
        seen: FirstLines,
        bad: RejectsFile | None,
        *,
        scope: Scope,
        is_dry: bool,
    ) -> None:
        self._scope = scope
        self.result = ImportResult(unknown_columns=headings.unknown)
        self._keys = newsroom.data_keys
        self._read: RowReader = row_reader(headings, read_places(session))
        columns = Columns(headings.has("unit"), headings.has("region_code"))
        self._writer = EntryWriter(session, newsroom.data_keys, columns, newsroom.now(), is_dry=is_dry)
        self._seen = seen
        self._bad = bad
        if bad is not None:
            bad.write_headings(headings)

    def take(self, chunk: Sequence[Line]) -> None:
        """Take in one chunk of rows."""
        problems: dict[int, Problem] = {}
        entries = self._understand(chunk, problems)
        again = self._seen.note(entries)
        if again:
            problems |= {line: _duplicate(first) for line, first in again.items()}
            entries = [entry for entry in entries if entry.line not in again]
        if self._scope is not None:
            problems |= self._find_foreign(entries, self._scope)
            entries = [entry for entry in entries if entry.line not in problems]
        self.result.read += len(chunk)
        self.result.count(self._writer.write(entries))
        if problems:
            self._reject(chunk, problems)

    def _find_foreign(self, entries: Sequence[Entry], scope: frozenset[int]) -> dict[int, Problem]:
        """Rows for units that are not the importing person's, and of people who belong to such a unit so far."""
        taken = _("The register has this person under a unit that is not yours; the unit above both can move them.")
        problems = {
            line: Problem("unit", "registered_elsewhere", taken) for line in self._writer.find_foreign(entries, scope)
        }
        named = Problem("unit", "not_your_unit", _("This unit is not yours."))
        return problems | {entry.line: named for entry in entries if entry.person.particulars.unit_id not in scope}

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
    return Problem("phone", "duplicate", _("The same number and name as on line {line}.").format(line=first))


def _first_cells(lines: Iterator[Line], path: Path) -> list[str]:
    first = next(lines, None)
    if first is None:
        raise InputError(_("{file} is empty.").format(file=path))
    return first[1]


def _chunks(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while chunk := list(islice(lines, CHUNK_ROWS)):
        yield chunk


def _keep_others_out(session: Session) -> None:
    # SQLite's write lock does it; PostgreSQL would let two imports add the same person.
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("LOCK TABLE subscriber IN SHARE ROW EXCLUSIVE MODE")

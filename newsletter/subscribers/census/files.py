"""How a census list is read from a file, row by row, and its rejected rows written to one."""

from collections.abc import Sequence
from pathlib import Path

from newsletter.keys import DataKeys
from newsletter.newsroom import Progress
from newsletter.subscribers.census.listed import CensusList, ListReader, list_headings
from newsletter.subscribers.lists.headings import read_mapping
from newsletter.subscribers.lists.rejects import RejectsFile, rejects_file
from newsletter.subscribers.lists.row_files import open_rows
from newsletter.subscribers.places import Places

#: Rows between two words on how far it is.
_TOLD_EVERY = 1_000


def read_list(
    path: Path,
    places: Places,
    keys: DataKeys,
    *,
    unit_code: str,
    inside_ids: frozenset[int],
    mapping: Sequence[str] = (),
    sheet: str | None = None,
    rejects: Path | None = None,
    progress: Progress = lambda _done, _total: None,
) -> CensusList:
    """Read a whole list; the census unit is ``unit_code``, it and all under it are ``inside_ids``.

    Raises:
        InputError: the file, its headings or ``mapping`` cannot be used.
        OutsideError: it cannot be read, or ``rejects`` not written.
    """
    fields = read_mapping(mapping)
    with (
        open_rows(path, fields, sheet=sheet, understand=list_headings) as found,
        rejects_file(rejects, path) as bad,
    ):
        reader = ListReader(found.headings, places, keys, unit_code=unit_code, inside_ids=inside_ids)
        for count, (line, cells) in enumerate(found.lines, start=1):
            reader.take(line, cells)
            if count % _TOLD_EVERY == 0:
                progress(count, max(found.count, count))
        if bad is not None:
            _write_rejects(bad, reader.result)
    reader.result.other_sheets = found.other_sheets
    return reader.result


def _write_rejects(bad: RejectsFile, found: CensusList) -> None:
    bad.write_headings(found.headings)
    for reject, cells in found.rejects:
        bad.write(reject, cells)
    bad.seal()
    bad.finish()

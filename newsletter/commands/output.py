"""How results are printed: a table for people, one JSON document for scripts; notes and progress go to stderr."""

import contextlib
import errno
import json
import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import typer

from newsletter.commands.session import root_options
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from rich.console import Console

#: Columns used where no terminal tells its width, so that piped tables are not folded.
_PIPED_WIDTH = 160


def print_json(document: dict[str, Any]) -> None:
    """Print the one JSON document of a command."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n")


def print_table(
    headings: Sequence[str], rows: Sequence[Sequence[object]], *, title: str = "", whole: Collection[int] = ()
) -> None:
    """Print a table; an empty one says so.

    Args:
        headings: of the columns.
        rows: a cell a column; None is an empty one.
        title: above it.
        whole: columns, from 0, whose cells are never broken over lines, however narrow the terminal.
    """
    from rich import box
    from rich.table import Table

    if not rows:
        nothing = _("{title}: nothing to show").format(title=title) if title else _("nothing to show")
        sys.stdout.write(nothing + "\n")
        return
    table = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    numeric = [all(isinstance(row[column], int | float) for row in rows) for column in range(len(headings))]
    for place, (heading, is_number) in enumerate(zip(headings, numeric, strict=True)):
        justify: Literal["right", "left"] = "right" if is_number else "left"
        table.add_column(heading, justify=justify, overflow="fold", no_wrap=place in whole)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    _console().print(table, markup=False)


def print_lines(*lines: str) -> None:
    """Print result lines as they are."""
    sys.stdout.write("".join(line + "\n" for line in lines))


def note(context: typer.Context, line: str) -> None:
    """Say something on stderr, unless ``--quiet``."""
    if not root_options(context).is_quiet:
        sys.stderr.write(line + "\n")


def warn(line: str) -> None:
    """Warn on stderr, ``--quiet`` or not."""
    sys.stderr.write(_("Warning: {text}").format(text=line) + "\n")


@contextlib.contextmanager
def progress_bar(context: typer.Context, label: str) -> Iterator[Callable[[int, int | None], None]]:
    """A bar on stderr, if that is a terminal; yields ``advance(done, total)``."""
    if root_options(context).is_quiet or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _console(*, stderr: bool = False) -> "Console":
    from rich.console import Console

    class PipeConsole(Console):
        def on_broken_pipe(self) -> None:
            """Leave a closed pipe to ``cli``, as for every other output; Rich itself would end with 1."""
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    stream = sys.stderr if stderr else sys.stdout
    return PipeConsole(file=stream, width=None if stream.isatty() else _PIPED_WIDTH, highlight=False, markup=False)

"""``subscribers form``: each branch's form to check and sign, as PDF and workbook."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from newsletter.commands.options import JsonOption, YesOption
from newsletter.commands.output import note, print_json, print_lines, progress_bar, warn
from newsletter.commands.session import confirm, open_newsroom
from newsletter.commands.subscribers import subscribers
from newsletter.errors import InputError
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.newsroom import Newsroom, Progress
    from newsletter.subscribers.branch_forms import BranchForm

_PDF, _XLSX = ".pdf", ".xlsx"
#: Missing characters named in a warning.
_NAMED_GLYPHS: Final = 10


def mount(_app: typer.Typer) -> None:
    """Put this command among those of ``subscribers``."""
    subscribers.command("form")(form)


def form(
    context: typer.Context,
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help=mark("A unit; each branch under it has a form."))],
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR|FILE", help=mark("A .pdf or .xlsx file for all, or a directory for one file each.")
        ),
    ],
    reveal: Annotated[
        bool, typer.Option("--reveal", help=mark("With full numbers and names; the journal keeps it."))
    ] = False,
    purpose: Annotated[
        str, typer.Option("--purpose", metavar="TEXT", help=mark("What the full numbers are needed for."))
    ] = "",
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make each branch's form to check and sign: a page to print, a workbook to fill in and hand back to census."""
    from newsletter.files import write_whole
    from newsletter.subscribers.branch_forms import make_forms, reveal_forms

    newsroom = open_newsroom(context)
    _raise_if_unclear(out)
    forms = make_forms(newsroom, unit)
    if reveal:
        count = sum(len(one.lines) for one in forms)
        confirm(
            _("Write the full numbers and names of {count} people to {path}?").format(count=count, path=out), yes=yes
        )
        forms = reveal_forms(newsroom, unit, purpose=purpose)
    with progress_bar(context, _("Forms")) as progress:
        files: list[Path] = []
        for path, data in _make_files(newsroom, forms, out, progress):
            write_whole(path, data, is_private=True)
            files.append(path)
    if as_json:
        branches = [{"unit": one.code, "people": len(one.lines), "without_number": one.without_number} for one in forms]
        print_json({"branches": branches, "revealed": reveal, "files": [str(path) for path in files]})
        return
    sentence = _("{branches} branches, {people} people.")
    print_lines(sentence.format(branches=len(forms), people=sum(len(one.lines) for one in forms)))
    print_lines(*(_("Written: {path}").format(path=path) for path in files))
    if not reveal:
        note(context, _("Numbers and names are masked; for a form that can come back as a list: --reveal"))


def _raise_if_unclear(out: Path) -> None:
    if not out.is_dir() and out.suffix and out.suffix.casefold() not in (_PDF, _XLSX):
        raise InputError(
            _("{path}: it is not clear what to write.").format(path=out),
            hint=_("Let the file's name end in .pdf or .xlsx, or name a directory."),
        )


def _make_files(
    newsroom: "Newsroom", forms: "Sequence[BranchForm]", out: Path, progress: "Progress"
) -> Iterator[tuple[Path, bytes]]:
    """Each file's path and content, made when its turn comes."""
    if out.is_dir() or not out.suffix:
        from newsletter.statistics.branch_files import make_directory

        make_directory(out)
        for done, one in enumerate(forms, start=1):
            yield out / f"{one.code}{_PDF}", _pdf(newsroom, [one])
            yield out / f"{one.code}{_XLSX}", _workbook(newsroom, [one])
            progress(done, len(forms))
        return
    yield out, _pdf(newsroom, forms, progress) if out.suffix.casefold() == _PDF else _workbook(newsroom, forms)


def _pdf(
    newsroom: "Newsroom", forms: "Sequence[BranchForm]", progress: "Progress" = lambda _done, _total: None
) -> bytes:
    from newsletter.organisation.staff import today
    from newsletter.statistics.branch_prints import bind_forms, print_form

    prints = []
    for done, one in enumerate(forms, start=1):
        prints.append(print_form(one, newsroom=newsroom.settings.newsroom.name, day=today(newsroom)))
        progress(done, len(forms))
    missing = sorted({glyph for each in prints for glyph in each.missing_glyphs})
    if missing:
        glyphs = " ".join(missing[:_NAMED_GLYPHS])
        warn(_("No installed font has these characters: {glyphs}").format(glyphs=glyphs))
    return bind_forms(prints)


def _workbook(newsroom: "Newsroom", forms: "Sequence[BranchForm]") -> bytes:
    from newsletter.organisation.staff import today
    from newsletter.statistics.branch_workbooks import make_form_workbook

    return make_form_workbook(forms, newsroom=newsroom.settings.newsroom.name, day=today(newsroom))

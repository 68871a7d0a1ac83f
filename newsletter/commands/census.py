"""``subscribers census``: a unit's list held against the register; shown, and applied once somebody confirms it."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from newsletter.commands.options import DONE_IN_PART, JsonOption, YesOption
from newsletter.commands.output import note, print_json, print_lines, print_table, progress_bar, warn
from newsletter.commands.session import confirm, open_newsroom
from newsletter.commands.subscribers import subscribers
from newsletter.errors import InputError
from newsletter.translation import gettext as _
from newsletter.translation import join_words, mark

if TYPE_CHECKING:
    from newsletter.subscribers.census.proposals import Accept, Kind
    from newsletter.subscribers.census.showing import ShownProposal
    from newsletter.subscribers.census.taking import CensusPlan

#: Proposals of a kind, and rejected rows, shown to a person; all of them are in ``--json``.
_SHOWN: Final = 20
_ACCEPTED: Final = "joins|moves-in|vanished|changes"

_TITLES: Final = {
    "joins": mark("Joins: {count}"),
    "moves_in": mark("Moves in from other units: {count}"),
    "moves_within": mark("Moves within the unit: {count}"),
    "changes": mark("Changes: {count}"),
    "vanished": mark("On the register, not on the list: {count}"),
}
#: What fields are called.
_FIELDS: Final = {
    "number": mark("number"),
    "name": mark("name"),
    "region_code": mark("region"),
    "profession": mark("profession"),
    "standing": mark("standing"),
    "mobile": mark("mobile"),
    "retired": mark("retired"),
    "channel": mark("channel"),
    "language": mark("language"),
    "large_type": mark("large type"),
    "place": mark("present place"),
}


def mount(_app: typer.Typer) -> None:
    """Put this command among those of ``subscribers``."""
    subscribers.command("census")(census)


def census(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=mark("The unit's whole list, as for import."))],
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help=mark("A unit's code or exact name."))],
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", metavar=_ACCEPTED, help=mark("Take over only this; may be given several times.")),
    ] = None,
    vanished_as: Annotated[
        str, typer.Option("--vanished-as", metavar="left|died", help=mark("What became of who is not on the list."))
    ] = "left",
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help=mark("Which field a column with another heading is.")),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="NAME", help=mark("The sheet of a workbook that has several."))
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", metavar="FILE", help=mark("Write the rejected rows to this CSV file."))
    ] = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Hold a unit's list against the register and propose who joins, moves, changes or vanished.

    Nothing is changed until somebody confirms it, at the terminal or with --yes.
    """
    from newsletter.subscribers.census.showing import census_document, show_proposals
    from newsletter.subscribers.census.taking import apply_census, plan_census

    kinds, fate = _read_accept(accept), _read_fate(vanished_as)
    newsroom = open_newsroom(context)
    with progress_bar(context, _("Reading the list")) as progress:
        plan = plan_census(
            newsroom,
            file,
            unit,
            mapping=tuple(mapping or ()),
            sheet=sheet,
            rejects=rejects,
            vanished_as=fate,
            progress=progress,
        )
    with newsroom.reading() as session:
        shown = show_proposals(session, newsroom, plan)
    document = census_document(plan, shown)
    _warn_of_file(file, plan)
    if not as_json:
        _print_plan(context, file, document, shown, has_rejects_file=rejects is not None)
    is_wanted = yes or sys.stdin.isatty()
    if is_wanted:
        confirm(_question(plan, kinds), yes=yes)
        applied = apply_census(newsroom, plan, kinds)
        taken = len(plan.taken(kinds or _all_kinds()))
        document |= {"census": applied.id if applied else None, "taken": taken}
    if as_json:
        print_json({**document, "applied": is_wanted})
    else:
        _print_end(context, document, is_applied=is_wanted)
    if is_wanted and (document["rejected"] or document["not_yours"]):
        raise typer.Exit(DONE_IN_PART)


def _warn_of_file(file: Path, plan: "CensusPlan") -> None:
    if plan.listing.headings.unknown:
        columns = join_words(plan.listing.headings.unknown)
        warn(_("{file}: these columns are not known and were left out: {columns}.").format(file=file, columns=columns))
    if plan.listing.other_sheets:
        sheets = join_words(plan.listing.other_sheets)
        warn(_("{file}: further sheets were not read: {sheets}.").format(file=file, sheets=sheets))


def _all_kinds() -> "frozenset[Accept]":
    from newsletter.subscribers.census.proposals import Accept

    return frozenset(Accept)


def _read_accept(words: Sequence[str] | None) -> "frozenset[Accept] | None":
    from newsletter.subscribers.census.proposals import Accept

    for word in words or ():
        if word not in list(Accept):
            raise InputError(
                _("--accept {word}: there is nothing of this name to take over.").format(word=word[:40]),
                hint=_("Choose from: {choices}.").format(choices=", ".join(Accept)),
            )
    return frozenset(Accept(word) for word in words) if words else None


def _read_fate(word: str) -> Any:
    from newsletter.subscribers.census.taking import VANISHED_AS
    from newsletter.subscribers.models import Status

    if word not in VANISHED_AS:
        raise InputError(
            _("--vanished-as {word}: it is left or died.").format(word=word[:40]),
            hint=_("Choose from: {choices}.").format(choices=", ".join(VANISHED_AS)),
        )
    return Status(word)


def _question(plan: "CensusPlan", kinds: "frozenset[Accept] | None") -> str:
    from newsletter.subscribers.census.proposals import Accept

    taken = plan.taken(kinds or _all_kinds())
    question = _("Take over {count} proposals for {unit}?").format(count=len(taken), unit=plan.unit.name)
    if plan.proposals.would_many_vanish and (kinds is None or Accept.VANISHED in kinds):
        line = _("{vanished} of {people} people of {unit} would be taken off the register.")
        values = {"vanished": plan.proposals.vanished, "people": plan.proposals.people, "unit": plan.unit.name}
        return f"{line.format(**values)} {question}"
    return question


def _print_plan(
    context: typer.Context,
    file: Path,
    document: Mapping[str, Any],
    shown: "Mapping[Kind, Sequence[ShownProposal]]",
    *,
    has_rejects_file: bool,
) -> None:
    for reject in document["rejects"][:_SHOWN]:
        sentence = (
            _("{file}, line {line}, {field}: {message}") if reject["field"] else _("{file}, line {line}: {message}")
        )
        print_lines(sentence.format(file=file, **reject))
    hidden = document["rejected"] - _SHOWN
    if hidden > 0:
        print_lines(_("… and {count} more rejected rows.").format(count=hidden))
    for kind, proposals in shown.items():
        if proposals:
            _print_kind(kind, proposals)
    sentence = _(
        "{listed} people on the list, {people} on the register; {known} are on both, {without_number} without a number,"
        " {invalid_number} with one that cannot be used, {rejected} rows rejected."
    )
    print_lines(sentence.format(**document))
    _print_remarks(document)
    if document["rejected"] and not has_rejects_file:
        note(context, _("To get the rejected rows as a file to mend: --rejects FILE"))


def _print_remarks(document: Mapping[str, Any]) -> None:
    if document["remarks"]:
        line = _("Remarks on the form ({count}), which the desk must see to; nothing was concluded from them:")
        print_lines(line.format(count=len(document["remarks"])))
    for remark in document["remarks"]:
        print_lines("  " + _("line {line}, {number}: {text}").format(**{**remark, "number": remark["number"] or "—"}))
    if document["unclear"]:
        line = _("{count} people cannot be told apart by name, and no number is given: they stay as they are.")
        print_lines(line.format(count=document["unclear"]))
    if document["not_yours"]:
        line = _("{count} people belong to units that are not yours; the unit above both can move them.")
        print_lines(line.format(count=document["not_yours"]))
    if document["recorded_dead"]:
        lines = join_words(map(str, document["recorded_dead"][:_SHOWN]))
        line = _("Recorded as dead, and on the list (lines {lines}): if that is wrong, bring them back at the desk.")
        print_lines(line.format(lines=lines))
    if "unreadable_rows" in document["warnings"]:
        warn(_("Some rows cannot be read at all: whoever stands on them may be among those who vanished."))
    if "strange_list" in document["warnings"]:
        warn(_("This looks like another unit's list."))


def _print_kind(kind: "Kind", proposals: "Sequence[ShownProposal]") -> None:
    from newsletter.subscribers.census.proposals import Kind

    headings = [_("line"), _("id"), _("number"), _("person"), _("unit")]
    moves = kind in (Kind.MOVES_IN, Kind.MOVES_WITHIN)
    if kind == Kind.VANISHED:
        headings = headings[1:]
    headings += [_("from")] if moves else []
    headings += [] if kind == Kind.VANISHED else [_("changes")]
    rows: list[list[object]] = []
    for one in proposals[:_SHOWN]:
        cells: list[object] = [one.subscriber, one.number, one.name, one.unit]
        if kind != Kind.VANISHED:
            cells = [one.line, *cells]
        cells += [one.from_unit] if moves else []
        cells += [] if kind == Kind.VANISHED else [_describe(one)]
        rows.append(cells)
    # Not as the table's own title, which would be folded to a narrow table's width.
    print_lines(_(_TITLES[kind]).format(count=len(proposals)))
    print_table(headings, rows)
    if len(proposals) > _SHOWN:
        print_lines(_("… and {count} more.").format(count=len(proposals) - _SHOWN))


def _describe(one: "ShownProposal") -> str:
    if not one.yours:
        return _("not yours")
    words = [_("comes back")] if one.back else []
    words += [_("without a number")] if not one.number else []
    words += [
        f"{_(_FIELDS[name])}: {_word(name, before)} → {_word(name, after)}"
        for name, (before, after) in one.changes.items()
    ]
    return _("; ").join(words)


def _word(name: str, value: object) -> str:
    from newsletter.statistics.dimensions import Dimension
    from newsletter.statistics.labels import label_code

    if name in (Dimension.PROFESSION, Dimension.STANDING) and value:
        return label_code(Dimension(name), str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value) or "—"


def _print_end(context: typer.Context, document: Mapping[str, Any], *, is_applied: bool) -> None:
    if is_applied:
        sentence = _("Census {census}: {taken} proposals taken over.")
        if document["census"] is None:
            sentence = _(
                "{taken} proposals taken over; the unit's count was not recorded, since not everything was taken over."
            )
        print_lines(sentence.format(**document))
    else:
        note(context, _("Nothing was changed. To take it over, run it at a terminal or add --yes."))

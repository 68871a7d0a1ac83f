"""``briefs``: what the desk asks units for, who has answered, and the digest of it all."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.commands.options import ArticleArgument, JsonOption, command_group, parse_id
from newsletter.commands.output import note, print_json, print_lines, print_table
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.workflow.contributing.digest import Digest

briefs = command_group(mark("Reporting briefs: what the desk asks units for."))

BriefArgument = Annotated[
    int, typer.Argument(metavar="ID", parser=parse_id, help=mark("The brief's number, as printed."))
]


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.add_typer(briefs, name="briefs")


@briefs.command("publish")
def publish(
    context: typer.Context,
    title: Annotated[str, typer.Argument(metavar="TITLE", help=mark("What is asked for, in a few words."))],
    due: Annotated[str, typer.Option("--due", metavar="DATE", help=mark("The last day for it, YYYY-MM-DD."))],
    text: Annotated[
        Path | None, typer.Option("--text", metavar="FILE", help=mark("A text file that says it at length."))
    ] = None,
    body: Annotated[str | None, typer.Option("--body", metavar="TEXT", help=mark("The same, given here."))] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option("--unit", metavar="UNIT", help=mark("A unit asked; without it, all yours with a contributor.")),
    ] = None,
    wanted: Annotated[int, typer.Option("--wanted", metavar="N", help=mark("Articles asked of each unit."))] = 1,
    column: Annotated[
        str | None, typer.Option("--column", metavar="COLUMN", help=mark("The column it is for: code or name."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask units for articles; their contributors hear of it with the next notices."""
    from newsletter.errors import InputError
    from newsletter.text_files import read_text_file
    from newsletter.workflow.contributing.brief_lists import read_visible_brief
    from newsletter.workflow.contributing.briefs import publish_brief
    from newsletter.workflow.periods import parse_day

    if (text is None) is (body is None):
        raise InputError(_("Say what is asked for: give either --text FILE or --body TEXT."))
    newsroom = open_newsroom(context)
    brief, asked = publish_brief(
        newsroom,
        title,
        due=parse_day(due),
        text=body if body is not None else read_text_file(text) if text else "",
        units=unit or (),
        wanted=wanted,
        column=column,
    )
    if as_json:
        line = read_visible_brief(newsroom, brief.id or 0)
        print_json(line.document() | {"units": line.asked_codes()})
        return
    print_lines(
        _("Brief {brief} published: {title}; units asked: {count}").format(
            brief=brief.id, title=brief.title, count=len(asked)
        )
    )
    note(context, _("Tell their contributors: newsletter notices send"))


@briefs.command("list")
def list_(
    context: typer.Context,
    only_open: Annotated[bool, typer.Option("--open", help=mark("Only those still to be answered."))] = False,
    as_json: JsonOption = False,
) -> None:
    """List the briefs that your units published or are asked by, the nearest day first."""
    from newsletter.workflow.contributing.brief_lists import list_visible_briefs

    newsroom = open_newsroom(context)
    documents = [line.document() for line in list_visible_briefs(newsroom, is_open=only_open)]
    if as_json:
        print_json({"briefs": documents})
        return
    headings = [_("id"), _("due"), _("brief"), _("column"), _("wanted of each"), _("units"), _("answered"), _("state")]
    states = {"open": _("open"), "over": _("over"), "closed": _("closed")}
    rows = [
        (
            row["brief"],
            row["due"],
            row["title"],
            row["column"] or "",
            row["wanted"],
            row["asked"],
            row["answered"],
            states[row["state"]],
        )
        for row in documents
    ]
    print_table(headings, rows)


@briefs.command("show")
def show(context: typer.Context, brief_id: BriefArgument, as_json: JsonOption = False) -> None:
    """Show a brief, and which of your units has answered it."""
    from newsletter.workflow.contributing.brief_lists import read_visible_brief

    newsroom = open_newsroom(context)
    line = read_visible_brief(newsroom, brief_id)
    document, answers, brief = line.document(), line.answer_documents(), line.brief
    if as_json:
        print_json(document | {"text": brief.text, "answers": answers})
        return
    print_lines(
        _("Brief {brief}: {title}").format(brief=brief.id, title=brief.title),
        _("Due {due}; wanted of each unit: {wanted}; answered in full: {answered} of {asked}").format(**document),
    )
    print_lines(*filter(None, [brief.text, document["reason"]]))
    rows = [(row["name"], ", ".join(map(str, row["articles"])), _answer_word(row, brief.wanted)) for row in answers]
    print_table([_("unit"), _("articles"), _("answer")], rows)


def _answer_word(row: dict[str, Any], wanted: int) -> str:
    if not row["asked"]:
        return _("was not asked")
    if len(row["articles"]) >= wanted:
        return _("answered")
    return _("{count} missing").format(count=wanted - len(row["articles"]))


@briefs.command("answer")
def answer(
    context: typer.Context, brief_id: BriefArgument, article_id: ArticleArgument, as_json: JsonOption = False
) -> None:
    """Count an article as an answer to a brief."""
    from newsletter.organisation.units import Unit
    from newsletter.workflow.contributing.answers import take_answer

    newsroom = open_newsroom(context)
    given = take_answer(newsroom, brief_id, article_id)
    with newsroom.reading() as session:
        unit = session.get_one(Unit, given.unit_id)
    if as_json:
        print_json({"brief": brief_id, "article": article_id, "unit": unit.code})
        return
    sentence = _("Article {article} answers brief {brief} for {unit}.")
    print_lines(sentence.format(article=article_id, brief=brief_id, unit=unit.name))


@briefs.command("close")
def close(
    context: typer.Context,
    brief_id: BriefArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="REASON", help=mark("Why nothing more is wanted."))],
    as_json: JsonOption = False,
) -> None:
    """End a brief before its day; nobody is reminded of it any more."""
    from newsletter.workflow.contributing.brief_lists import read_visible_brief
    from newsletter.workflow.contributing.briefs import close_brief

    newsroom = open_newsroom(context)
    brief = close_brief(newsroom, brief_id, reason=reason)
    if as_json:
        print_json(read_visible_brief(newsroom, brief_id).document())
    else:
        print_lines(_("Brief {brief} closed: {title}").format(brief=brief.id, title=brief.title))


@briefs.command("digest")
def digest(
    context: typer.Context,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help=mark("Briefs due from this day on; else open ones."))
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help=mark("Write it as CSV too."))] = None,
    as_json: JsonOption = False,
) -> None:
    """Show which of your units is asked for what, side by side, and what the diary plans for the coming weeks."""
    from newsletter.files import write_whole
    from newsletter.workflow.contributing.digest import draw_digest
    from newsletter.workflow.periods import parse_day

    newsroom = open_newsroom(context)
    drawn = draw_digest(newsroom, since=parse_day(since) if since else None)
    if out is not None:
        write_whole(out, _digest_csv(drawn))
    if as_json:
        print_json(drawn.document() | {"file": str(out) if out else None})
        return
    print_table(drawn.headings(), drawn.lines())
    if drawn.rows:
        print_lines(_("✓ answered in full; ○ asked, nothing yet; empty: not asked"))
    if out is not None:
        note(context, _("Written: {path}").format(path=out))


def _digest_csv(drawn: "Digest") -> bytes:
    import csv
    import io

    from newsletter.statistics.sheets import escape_cell

    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([escape_cell(cell) for cell in line] for line in (drawn.headings(), *drawn.lines()))
    return stream.getvalue().encode("utf-8-sig")

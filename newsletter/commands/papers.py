"""``papers``: the titles that publish, each a unit's, with its signature and its default audience."""

from typing import Annotated

import typer

from newsletter.commands.options import JsonOption, command_group
from newsletter.commands.output import warn
from newsletter.commands.session import open_newsroom
from newsletter.commands.structure import CodeArgument, NameArgument, OwnerOption, list_rows, require_admin, say
from newsletter.translation import gettext as _
from newsletter.translation import mark

papers = command_group(mark("Papers: the titles that publish."))


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.add_typer(papers, name="papers")


@papers.command("add")
def add_paper(
    context: typer.Context,
    code: CodeArgument,
    name: NameArgument,
    unit: OwnerOption,
    signature: Annotated[
        str, typer.Option("--signature", metavar="TEXT", help=mark("What stands in 【】 before its messages."))
    ],
    audience: Annotated[
        str | None, typer.Option("--audience", metavar="NAME", help=mark("Who gets it unless an edition says else."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Add a paper."""
    from newsletter.organisation import papers as rules
    from newsletter.subscribers.audience.audiences import get_audience

    newsroom = open_newsroom(context)
    with newsroom.writing() as session:
        require_admin(session, newsroom)
        paper = rules.add_paper(session, code=code, name=name, unit=unit, signature=signature)
        paper.audience_id = get_audience(session, audience).id if audience else None
        session.add(paper)
        session.commit()
    document = {"code": paper.code, "name": paper.name, "signature": paper.signature}
    say(document, _("Paper {code} {name} added.").format(code=paper.code, name=paper.name), as_json=as_json)


@papers.command("set")
def set_paper(
    context: typer.Context,
    code: CodeArgument,
    name: Annotated[str | None, typer.Option("--name", help=mark("The full name, as readers see it."))] = None,
    signature: Annotated[
        str | None, typer.Option("--signature", metavar="TEXT", help=mark("What stands in 【】 before its messages."))
    ] = None,
    audience: Annotated[
        str | None, typer.Option("--audience", metavar="NAME", help=mark("Who gets it unless an edition says else."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Change a paper; what was sent keeps the signature it was signed with."""
    from newsletter.editions.mastheads import PaperChange, change_paper

    newsroom = open_newsroom(context)
    change = PaperChange(name=name, signature=signature, audience=audience)
    paper, stale = change_paper(newsroom, code, change)
    if stale:
        sentence = _("These editions bear what it was before and must be drafted and approved anew: {editions}.")
        warn(sentence.format(editions=", ".join(map(str, stale))))
    document = {"code": paper.code, "name": paper.name, "signature": paper.signature, "editions": stale}
    say(document, _("Paper {code} {name} changed.").format(code=paper.code, name=paper.name), as_json=as_json)


@papers.command("list")
def list_papers(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the papers."""
    from newsletter.organisation import papers as rules
    from newsletter.organisation.staff import require_staff
    from newsletter.organisation.units import Unit
    from newsletter.subscribers.models import Audience

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        require_staff(session, newsroom)
        rows = [
            {
                "code": paper.code,
                "name": paper.name,
                "signature": paper.signature,
                "unit": session.get_one(Unit, paper.unit_id).code,
                "audience": session.get_one(Audience, paper.audience_id).name if paper.audience_id else None,
            }
            for paper in rules.list_papers(session)
        ]
    list_rows("papers", rows, [_("code"), _("name"), _("signature"), _("unit"), _("audience")], as_json=as_json)

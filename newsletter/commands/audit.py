"""``audit``: is everything what was signed, who said what, and the journal for a stranger."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from newsletter.commands.options import JsonOption, YesOption, command_group
from newsletter.commands.output import note, print_json, print_lines, print_table, progress_bar
from newsletter.commands.session import confirm, open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.newsroom import Newsroom
    from newsletter.workflow.auditing.sheets import SignedEdition
    from newsletter.workflow.auditing.verifying import Audit

#: Exit code of a finding: refused by a rule.
_REFUSED = 4

#: What the interface calls the words of the journal; JSON has them as they are.
_VERBS: Final = {
    "submit": mark("submit"),
    "approve": mark("approve"),
    "return": mark("return"),
    "sign": mark("sign"),
    "retract": mark("retract"),
    "grant": mark("grant"),
    "revoke": mark("revoke"),
    "rotate": mark("rotate"),
    "retire": mark("retire"),
    "waive": mark("waive"),
    "adopt": mark("adopt"),
    "restore": mark("restore"),
    "reveal": mark("reveal"),
    "export": mark("export"),
    "erase": mark("erase"),
    "purge": mark("purge"),
    "rekey": mark("rekey"),
}

audit = command_group(mark("Check the journal of signed statements, and show it."))


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.add_typer(audit, name="audit")


@audit.command("verify")
def verify(
    context: typer.Context,
    head: Annotated[
        str | None,
        typer.Option("--head", metavar="HASH", help=mark("A head noted earlier: it must still be in the journal.")),
    ] = None,
    sheet: Annotated[
        Path | None,
        typer.Option("--sheet", metavar="FILE.pdf", help=mark("Is this the archive copy of what was signed?")),
    ] = None,
    digest: Annotated[
        str | None,
        typer.Option("--digest", metavar="HASH", help=mark("Was an edition signed with this digest?")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check the journal, the roles and every signed edition, row by row."""
    newsroom = open_newsroom(context)
    if sheet is not None or digest is not None:
        _verify_one(newsroom, sheet, digest, as_json=as_json)
        return
    from newsletter.workflow.auditing.verifying import audit_newsroom

    with progress_bar(context, _("Checking")) as progress:
        found = audit_newsroom(newsroom, head=head, progress=progress)
    if as_json:
        print_json(_with_error(found))
    else:
        _print_audit(context, found)
    if found.problems:
        raise typer.Exit(_REFUSED)


def _verify_one(newsroom: "Newsroom", sheet: Path | None, digest: str | None, *, as_json: bool) -> None:
    from newsletter.errors import InputError
    from newsletter.workflow.auditing.sheets import verify_digest, verify_sheet

    if sheet is not None and digest is not None:
        raise InputError(_("Give a sheet or a digest, not both."))
    found = verify_digest(newsroom, digest) if digest is not None else verify_sheet(newsroom, _read(sheet))
    if as_json:
        print_json(found.as_document())
    else:
        _print_signed(newsroom, found)


def _read(path: Path | None) -> bytes:
    from newsletter.editions.rendering.sheets import LARGEST_SHEET
    from newsletter.text_files import read_bytes

    return read_bytes(path or Path(), most=LARGEST_SHEET)


def _with_error(found: "Audit") -> dict[str, Any]:
    """The report, with what every refusal has in JSON when there is something to refuse."""
    document = found.as_document()
    if found.problems:
        from newsletter.workflow.auditing.verifying import AuditFailedError

        first = found.problems[0]
        document["error"] = {"code": AuditFailedError.code, "message": first.message, "hint": first.hint or _hint()}
    return document


def _hint() -> str:
    return _("Restore the database from a backup made before, and ask who had access to it.")


def _print_audit(context: typer.Context, found: "Audit") -> None:
    for problem in found.problems:
        typer.echo(_("Error: {message}").format(message=problem.message), err=True)
    for line in found.notes:
        note(context, _("Note: {text}").format(text=line))
    if found.problems:
        typer.echo(found.problems[0].hint or _hint(), err=True)
        return
    print_lines(
        _("Whole: {statements} statements, {editions} signed editions, every row of them as it was signed.").format(
            statements=found.statements, editions=len(found.editions)
        ),
        _("Head: {head}").format(head=found.head),
    )


def _print_signed(newsroom: "Newsroom", found: "SignedEdition") -> None:
    signed_at = found.signed_at.astimezone(newsroom.timezone).isoformat(sep=" ", timespec="minutes")
    print_lines(
        _("It is edition {edition}, as it was signed.").format(edition=found.edition),
        _("Submitted by {editor}, approved by {reviewer}, signed by {issuer} at {time}").format(
            editor=found.submitted_by, reviewer=found.approved_by, issuer=found.signed_by, time=signed_at
        ),
        _("Digest: {digest}").format(digest=found.digest),
        _("Head: {head}").format(head=found.head),
    )


@audit.command("show")
def show(
    context: typer.Context,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="SUBJECT", help=mark("Only of this: edition:3, staff:li."))
    ] = None,
    person: Annotated[str | None, typer.Option("--person", metavar="STAFF", help=mark("Only by this person."))] = None,
    as_json: JsonOption = False,
) -> None:
    """Show who said what, oldest first."""
    from newsletter.subscribers.privacy.disclosing import describe_disclosure
    from newsletter.workflow.auditing.hearing import list_statements

    newsroom = open_newsroom(context)
    words = list_statements(newsroom, subject=subject, person=person)
    if as_json:
        print_json({"statements": [word.as_document() for word in words]})
        return
    rows = [
        (
            word.place,
            word.time.astimezone(newsroom.timezone).isoformat(sep=" ", timespec="minutes"),
            word.person,
            _(_VERBS[word.verb]),
            word.subject,
            word.unit,
            describe_disclosure(word) or word.digest[:16],
            word.hash[:16],
        )
        for word in words
    ]
    headings = [_("statement no"), _("time"), _("person"), _("word"), _("subject"), _("unit")]
    headings += [_("digest, or what for"), _("hash")]
    print_table(headings, rows)


@audit.command("export")
def export(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="FILE", help=mark("Where the journal is written to."))],
    as_json: JsonOption = False,
) -> None:
    """Write the journal to one file that a stranger can check with the public keys alone."""
    from newsletter.files import write_whole
    from newsletter.workflow.auditing.exporting import export_journal

    text, count = export_journal(open_newsroom(context))
    write_whole(out, text.encode())
    if as_json:
        print_json({"file": str(out), "statements": count})
    else:
        print_lines(_("{count} statements in {path}").format(count=count, path=out))


@audit.command("restored")
def restored(context: typer.Context, yes: YesOption = False, as_json: JsonOption = False) -> None:
    """State that the database was restored from a backup, so that newer statements are lost."""
    from newsletter.organisation.restoring import accept_restored

    newsroom = open_newsroom(context)
    confirm(_("Accept that statements made after the backup are lost?"), yes=yes)
    word = accept_restored(newsroom)
    if as_json:
        print_json(word.as_document())
    else:
        print_lines(_("Statement {number} says so; head {head}").format(number=word.place, head=word.hash))

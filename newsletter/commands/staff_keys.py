"""``staff key`` and ``staff enrol``: keys made, looked at, brought here, replaced; a newcomer's first step."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.commands.options import JsonOption, YesOption, command_group
from newsletter.commands.output import print_json, print_lines
from newsletter.commands.session import confirm, new_passphrase, open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.newsroom import Newsroom
    from newsletter.organisation.key_files import KeyReport
    from newsletter.organisation.staff import Staff

key = command_group(mark("Staff keys: each person's own, with which they sign."))

StaffArgument = Annotated[str, typer.Argument(metavar="NAME", help=mark("A short name, as --as takes it."))]
OptionalStaffArgument = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help=mark("A short name; without it, whoever acts."))
]
PassphraseOption = Annotated[
    bool | None,
    typer.Option("--passphrase/--no-passphrase", help=mark("Whether the new key gets a passphrase.")),
]
PublicKeyOption = Annotated[
    str | None,
    typer.Option("--public-key", metavar="FILE|HEX", help=mark("The public half of a key made on another machine.")),
]


def mount(staff: typer.Typer) -> None:
    """Put these commands under ``staff``."""
    staff.command("enrol")(enrol)
    staff.add_typer(key, name="key")


def ask_new_passphrase(name: str, with_passphrase: bool | None) -> str | None:
    """A passphrase for a key about to be made; None where nobody can be asked.

    Raises:
        PassphraseWantedError: ``--passphrase`` was said, and nobody can be asked.
    """
    from newsletter.organisation.passphrases import raise_if_passphrase_wanted

    passphrase = new_passphrase(name)
    raise_if_passphrase_wanted(passphrase, "", may_lack_passphrase=with_passphrase is not True)
    return passphrase


@key.command("new")
def new(
    context: typer.Context, name: StaffArgument, with_passphrase: PassphraseOption = None, as_json: JsonOption = False
) -> None:
    """Make a key on this machine for somebody who is not on staff yet, or whose key is lost."""
    from newsletter.organisation.key_files import make_key, raise_if_key_here

    newsroom = open_newsroom(context)
    raise_if_key_here(newsroom, name)
    report = make_key(
        newsroom,
        name,
        passphrase=None if with_passphrase is False else ask_new_passphrase(name, with_passphrase),
        may_lack_passphrase=with_passphrase is False,
    )
    _show_new(report, as_json=as_json)


@key.command("show")
def show(context: typer.Context, name: OptionalStaffArgument = None, as_json: JsonOption = False) -> None:
    """Show a person's public key, its fingerprint, and whether the journal knows it."""
    from newsletter.organisation.key_files import report_key

    newsroom = open_newsroom(context)
    report = report_key(newsroom, name or newsroom.acting_name())
    if as_json:
        print_json(report.as_document())
    else:
        _print_report(report)


@key.command("import")
def import_file(
    context: typer.Context,
    name: StaffArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=mark("The private key, in PEM."))],
    as_json: JsonOption = False,
) -> None:
    """Bring a private key from a backup or another machine to this one."""
    from newsletter.organisation.key_files import import_key

    report = import_key(open_newsroom(context), name, file)
    if as_json:
        print_json(report.as_document())
    else:
        _print_report(report)


@key.command("rotate")
def rotate(
    context: typer.Context,
    name: OptionalStaffArgument = None,
    public_key: PublicKeyOption = None,
    with_passphrase: PassphraseOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Replace a key: your own, or as an admin that of somebody who lost theirs."""
    newsroom = open_newsroom(context)
    whose = name or newsroom.acting_name()
    if public_key is not None:
        person = _replace(newsroom, whose, public_key, yes)
    else:
        person = _rotate_own(newsroom, whose, with_passphrase, yes)
    from newsletter.journal.public_keys import fingerprint

    digits = fingerprint(person.public_key)
    if as_json:
        print_json({"name": person.name, "public_key": person.public_key, "fingerprint": digits})
        return
    print_lines(
        _("{name} signs with a new key; the old one is good for nothing any more.").format(name=person.name),
        _("Fingerprint of the key: {fingerprint}").format(fingerprint=digits),
    )
    if public_key is None:
        print_lines(_("Copy the new key to a safe place now."))


def _replace(newsroom: "Newsroom", name: str, public_key: str, yes: bool) -> "Staff":
    from newsletter.journal.public_keys import fingerprint, read_public_key
    from newsletter.organisation.key_changes import replace_key

    new_key = read_public_key(public_key)
    question = _("Replace the key of {name} by {fingerprint}? Have them read theirs out.")
    confirm(question.format(name=name, fingerprint=fingerprint(new_key)), yes=yes)
    return replace_key(newsroom, name, new_key)


def _rotate_own(newsroom: "Newsroom", name: str, with_passphrase: bool | None, yes: bool) -> "Staff":
    from newsletter.organisation.key_changes import gate_role_of, require_own_key, rotate_own_key

    require_own_key(newsroom, name)
    wanted = bool(gate_role_of(newsroom)) if with_passphrase is None else with_passphrase
    confirm(_("Replace the key of {name}? The old one can sign nothing any more.").format(name=name), yes=yes)
    return rotate_own_key(
        newsroom,
        passphrase=ask_new_passphrase(name, with_passphrase) if wanted else None,
        may_lack_passphrase=with_passphrase is False,
    )


def enrol(
    context: typer.Context,
    name: StaffArgument,
    admin_key: Annotated[
        str,
        typer.Option("--admin-key", metavar="HEX", help=mark("The first admin's public key, as you were told it.")),
    ],
    with_passphrase: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """On your own machine, first of all: note whom to believe, and make your key."""
    from newsletter.organisation.newcomers import check_admin_key, enrol_here, has_key_here

    newsroom = open_newsroom(context)
    # Whoever was told another key than the file's is not asked for a passphrase first.
    check_admin_key(newsroom, admin_key)
    wanted = with_passphrase is not False and not has_key_here(newsroom, name)
    report = enrol_here(
        newsroom,
        name,
        admin_key=admin_key,
        passphrase=ask_new_passphrase(name, with_passphrase) if wanted else None,
        may_lack_passphrase=with_passphrase is False,
    )
    _show_new(report, as_json=as_json)


def _show_new(report: "KeyReport", *, as_json: bool) -> None:
    """A key, and what to do with it: the line an admin types."""
    from newsletter.organisation.key_files import KeyState

    lines = {
        KeyState.NOT_ENROLLED: "newsletter staff add {name} --role ROLE --public-key {key}",
        KeyState.OTHER: "newsletter staff key rotate {name} --public-key {key}",
    }
    line = lines.get(report.state, "").format(name=report.name, key=report.public_key)
    if as_json:
        print_json({**report.as_document(), "admin_types": line or None})
        return
    _print_report(report)
    if line:
        print_lines(_("Give an admin the public key, and read the fingerprint out to them; they type:"), f"  {line}")


def _print_report(report: "KeyReport") -> None:
    from newsletter.journal.public_keys import fingerprint
    from newsletter.organisation.key_files import KeyState

    states = {
        KeyState.CURRENT: _("the journal knows this key"),
        KeyState.OTHER: _("the journal knows another key of {name}: {fingerprint}"),
        KeyState.NOT_ENROLLED: _("the journal knows nobody of this name yet"),
        KeyState.ELSEWHERE: _("the journal knows this key; it does not lie here"),
        KeyState.RETIRED: _("{name} has left"),
    }
    known = fingerprint(report.journal_key) if report.journal_key else ""
    print_lines(
        _("Public key: {key}").format(key=report.public_key),
        _("Fingerprint: {fingerprint}").format(fingerprint=fingerprint(report.public_key)),
        _("Journal: {state}").format(state=states[report.state].format(name=report.name, fingerprint=known)),
    )
    if report.path is not None:
        passphrase = _("with a passphrase") if report.has_passphrase else _("without a passphrase")
        print_lines(_("File: {path}, {passphrase}").format(path=report.path, passphrase=passphrase))

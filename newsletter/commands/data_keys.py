"""``keys``: the key that encrypts members' data: how it stands, and how it is changed."""

from typing import TYPE_CHECKING

import typer

from newsletter.commands.options import DONE_IN_PART, JsonOption, YesOption, command_group
from newsletter.commands.output import note, print_json, print_lines, print_table, progress_bar, warn
from newsletter.commands.session import confirm, open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.delivery.data_key import Rotation
    from newsletter.delivery.key_status import KeyStatus

keys = command_group(mark("The key that encrypts members' data."))


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.add_typer(keys, name="keys")


@keys.command("status")
def status(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show which versions of the key there are, and how much is encrypted with each."""
    from newsletter.delivery.key_status import key_status

    found = key_status(open_newsroom(context))
    if as_json:
        print_json(found.as_document())
        return
    rows = [(place, version, count) for place, counts in found.places.items() for version, count in counts.items()]
    print_table([_("field"), _("version"), _("entries")], rows)
    print_lines(
        _("Encrypts with version {version}; fingerprint {fingerprint}").format(
            version=found.versions[-1], fingerprint=found.fingerprint
        )
    )
    note(context, _("A machine whose fingerprint is another has an old data.key: copy this one there."))
    _tell_left(context, found)


def _tell_left(context: typer.Context, found: "KeyStatus") -> None:
    if len(found.versions) > 1:
        sentence = _("{count} entries are still to be encrypted anew: newsletter keys rotate")
        note(context, sentence.format(count=found.left))
    if found.unknown:
        sentence = _("{count} entries were encrypted with a key that data.key here does not hold.")
        warn(sentence.format(count=found.unknown))


@keys.command("rotate")
def rotate(context: typer.Context, yes: YesOption = False, as_json: JsonOption = False) -> None:
    """Change the key that encrypts members' data; after an interruption, the same command goes on."""
    from newsletter.delivery.data_key import rotate_data_key
    from newsletter.delivery.key_status import key_status

    newsroom = open_newsroom(context)
    before = key_status(newsroom)
    if len(before.versions) > 1:
        confirm(_("Go on changing the key: {count} entries are left?").format(count=before.left), yes=yes)
    else:
        confirm(_("Change the key and drop the old one? Backups made before need today's data.key."), yes=yes)
    with progress_bar(context, _("Encrypting")) as progress:
        done = rotate_data_key(newsroom, progress=progress)
    if as_json:
        print_json(done.as_document())
    else:
        _print_rotation(context, done)
    if done.unreadable:
        raise typer.Exit(DONE_IN_PART)


def _print_rotation(context: typer.Context, done: "Rotation") -> None:
    sentence = _("Encrypted anew: {count} entries, now all with version {version}; fingerprint {fingerprint}")
    print_lines(sentence.format(count=done.renewed, version=done.version, fingerprint=done.fingerprint))
    for row in done.unreadable:
        warn(_("{row} could be read with no key here and stays as it is.").format(row=row))
    note(context, _("Back up data.key now, and copy it to the other machines that import, send or reveal."))
    note(context, _("Backups of the database made before need the old data.key: keep it with them, and nowhere else."))

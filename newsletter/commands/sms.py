"""``sms``: how a text is sent."""

import sys
from typing import Annotated

import typer

from newsletter.commands.options import JsonOption
from newsletter.commands.output import print_json, print_lines
from newsletter.translation import gettext as _
from newsletter.translation import mark


def mount(app: typer.Typer) -> None:
    """Put this command under the root."""
    app.command("sms")(sms)


def sms(
    text: Annotated[
        str | None, typer.Argument(metavar="[TEXT]", help=mark("The text; without it, standard input, untrimmed."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show how a text is sent: its encoding, units and parts."""
    from newsletter.editions.sms_parts import split_sms

    message = split_sms(_read_input() if text is None else text)
    if as_json:
        print_json(
            {
                "encoding": message.encoding,
                "units": message.units,
                "parts": list(message.parts),
                "forced_by": message.forced_by,
            }
        )
        return
    print_lines(
        _("{encoding}; units: {units}; parts: {parts}").format(
            encoding=message.encoding, units=message.units, parts=len(message.parts)
        )
    )
    if message.forced_by is not None:
        print_lines(_("UCS-2 because of {character}").format(character=repr(message.forced_by)))
    for number, part in enumerate(message.parts, start=1):
        print_lines(f"{number}: {part}")


def _read_input() -> str:
    from newsletter.errors import InputError

    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(_("Standard input is not UTF-8 text.")) from error

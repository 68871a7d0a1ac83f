"""``doctor``: what is missing, and the line that mends it."""

import typer

from newsletter.commands.options import JsonOption
from newsletter.commands.output import print_json, print_lines
from newsletter.commands.session import open_newsroom, root_options
from newsletter.translation import gettext as _

_OUTSIDE = 5


def mount(app: typer.Typer) -> None:
    """Put this command under the root."""
    app.command("doctor")(doctor)


def doctor(context: typer.Context, as_json: JsonOption = False) -> None:
    """Check libraries, fonts, keys, database and gateway."""
    from newsletter.commands.checkup import Check, check_machine, check_newsroom
    from newsletter.errors import NewsletterError
    from newsletter.newsroom import NoNewsroomError

    checks = check_machine()
    try:
        checks += check_newsroom(open_newsroom(context, any_schema=True))
    except NoNewsroomError:
        if root_options(context).newsroom is not None:
            raise
    except NewsletterError as error:
        checks.append(Check("newsroom", False, error.message, error.hint, is_fatal=True))
    if as_json:
        print_json({"checks": [check.as_document() for check in checks]})
    else:
        for check in checks:
            print_lines(f"{_('ok') if check.is_well else _('!!')}  {check.name}: {check.message}")
            if check.hint and not check.is_well:
                print_lines(f"    {check.hint}")
    if any(check.is_fatal and not check.is_well for check in checks):
        raise typer.Exit(_OUTSIDE)

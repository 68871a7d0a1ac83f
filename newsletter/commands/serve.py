"""``serve``: the newsroom's own pages, for readers who follow a link."""

from typing import Annotated

import typer

from newsletter.commands.options import JsonOption
from newsletter.commands.output import note, print_json, warn
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark


def mount(app: typer.Typer) -> None:
    """Put this command under the root."""
    app.command("serve")(serve)


def serve(
    context: typer.Context,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help=mark("The address of this machine to listen on."))
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", metavar="PORT", min=0, max=65535, help=mark("The port; 0: any that is free."))
    ] = 8000,
    behind_proxy: Annotated[
        bool,
        typer.Option("--behind-proxy", help=mark("Believe the proxy on this machine about who is asking.")),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Serve the page that a message's opt-out link leads to, until interrupted; put a TLS proxy before it."""
    import sys

    from newsletter.web.serving import serve_newsroom

    newsroom = open_newsroom(context)
    if not newsroom.settings.web.public_base_url:
        warn(_("[web] public_base_url is not set, so no message carries a link here."))
    if newsroom.local_staff():
        warn(_("Staff keys lie in the same place; a machine on the net needs data.key only, and should have no other."))

    def announce(address: str) -> None:
        if as_json:
            print_json({"address": address, "public_base_url": newsroom.settings.web.public_base_url})
            sys.stdout.flush()
        else:
            note(context, _("Serving at {address}; end with Ctrl-C.").format(address=address))

    serve_newsroom(newsroom, host=host, port=port, is_behind_proxy=behind_proxy, announce=announce)

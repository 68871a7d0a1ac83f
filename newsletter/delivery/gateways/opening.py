"""Which gateway a newsroom uses."""

from typing import ClassVar

from newsletter.delivery.gateways.port import Gateway
from newsletter.delivery.gateways.sandbox import SandboxGateway, open_sandbox
from newsletter.errors import RefusedError
from newsletter.newsroom import Newsroom
from newsletter.translation import gettext as _


class NoGatewayError(RefusedError):
    """The gateway of the settings cannot be used here."""

    code: ClassVar[str] = "no_gateway"


def open_gateway(newsroom: Newsroom) -> Gateway:
    """Open the gateway the settings name.

    Raises:
        NoGatewayError: this version has no adapter for it.
        OutsideError: it cannot be opened.
    """
    return require_sandbox(newsroom)


def require_sandbox(newsroom: Newsroom) -> SandboxGateway:
    """Open the sandbox, which must be the newsroom's gateway.

    Raises:
        NoGatewayError: the newsroom sends through another one.
    """
    kind = newsroom.settings.gateway.kind
    if kind != "sandbox":
        raise NoGatewayError(
            _("This version cannot send through {gateway} yet.").format(gateway=kind),
            hint=_('Set [gateway] kind = "sandbox" in newsletter.toml.'),
        )
    return open_sandbox(newsroom)

"""What each gateway can do, by country: data, so that texts and refusals can be decided before anything is sent."""

from dataclasses import dataclass
from typing import Final

#: How a reader answers to unsubscribe, in the words of Chinese carriers (FACTS: R today, T in older texts).
REPLY_HINT: Final = "拒收请回复R"
TELEPHONE_HINT: Final = "退订请电{telephone}"
#: How a link is added to another way out, and how it stands alone. The space before it is needed: phones make nothing
#: to tap of an address that follows a Han character directly.
LINK_ADDED_HINT: Final = "{other}或点 {link}"
LINK_HINT: Final = "退订请点 {link}"


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a gateway does in one country.

    Attributes:
        has_sms, has_mms: whether it carries such messages.
        has_inbound: whether readers' replies come back.
        allows_urls: whether links get through.
        max_units: UTF-16 units of the longest body it takes.
        max_parts: parts of the longest message that arrives reliably.
    """

    has_sms: bool
    has_mms: bool
    has_inbound: bool
    allows_urls: bool
    max_units: int
    max_parts: int


#: (gateway, country calling code) -> what it does there. Twilio: no inbound SMS and no MMS in mainland China, links
#: often blocked, at most 8 UCS-2 parts (536 units) advised. The sandbox carries what a Chinese carrier does.
CAPABILITIES: Final = {
    ("sandbox", "86"): Capabilities(
        has_sms=True, has_mms=True, has_inbound=True, allows_urls=True, max_units=1600, max_parts=24
    ),
    ("twilio", "86"): Capabilities(
        has_sms=True, has_mms=False, has_inbound=False, allows_urls=False, max_units=536, max_parts=8
    ),
}
#: Where the members are: mainland China.
HOME_COUNTRY: Final = "86"


def capabilities_of(gateway: str) -> Capabilities:
    """What ``gateway`` does at home."""
    return CAPABILITIES[(gateway, HOME_COUNTRY)]


def opt_out_hint(gateway: str, telephone: str, link: str = "") -> str:
    """The ways out that this gateway can honour, in readers' Chinese; empty when there is none.

    Args:
        gateway: who carries the message.
        telephone: the desk's; empty: it has none.
        link: an address to leave by, which ends the hint where the gateway lets links through; empty: none.
    """
    can = capabilities_of(gateway)
    other = REPLY_HINT if can.has_inbound else ""
    if not other and telephone:
        other = TELEPHONE_HINT.format(telephone=telephone)
    if not link or not can.allows_urls:
        return other
    return LINK_ADDED_HINT.format(other=other, link=link) if other else LINK_HINT.format(link=link)

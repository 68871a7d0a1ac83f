"""How often one address may ask: a token bucket for each, in this process' memory, and no more of them than fit."""

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Final

#: Requests at once, and a second after that. Generous: thousands of telephones share a mobile carrier's address, and
#: tap their links in the same minute.
BURST: Final = 120.0
A_SECOND: Final = 10.0
#: What a link that leads nowhere costs in all. Not much, since an honest reader may share the address with whoever
#: guesses; it is a token's length that keeps it from being guessed.
MISS_COST: Final = 2.0
_MOST_ADDRESSES: Final = 10_000
#: A household's or company's own IPv6 network is this many bits; what follows it can be changed at will.
_IPV6_NETWORK: Final = 64


class Buckets:
    """What each address may still ask for."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock``: seconds, never backwards."""
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str, cost: float = 1.0) -> bool:
        """Take ``cost`` from an address' bucket; False where it holds less than one request."""
        key, now = _network_of(address), self._clock()
        left, since = self._left.pop(key, (BURST, now))
        left = min(BURST, left + (now - since) * A_SECOND)
        may = left >= 1.0
        self._left[key] = (left - cost if may else left, now)
        if len(self._left) > _MOST_ADDRESSES:
            self._left.popitem(last=False)
        return may


def _network_of(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        return str(int(found) >> (128 - _IPV6_NETWORK))
    return str(found)

"""How a text is cut into SMS parts, and so what it costs. Pure: no gateway, no settings.

A text whose every character stands in the GSM alphabet is sent in septets, any other in UTF-16 units. Parts are
filled greedily, a grapheme cluster at a time, as handsets and gateways do: cutting by plain arithmetic undercounts.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

Encoding = Literal["GSM-7", "UCS-2"]

#: 3GPP TS 23.038 §6.2.1, the default alphabet without ESC; the backtick is not in it.
GSM_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: 3GPP TS 23.038 §6.2.1.1: each is sent as ESC and one more septet.
GSM_EXTENSION: Final = frozenset("\f^{}\\[~]|€")
#: (whole text fits one part, each part of several), in septets or UTF-16 units: 140 octets, less a 6-octet header
#: when there are several (3GPP TS 23.040 §9.2.3.24).
LIMITS: Final[dict[Encoding, tuple[int, int]]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}

#: Characters that are always one UTF-16 unit and a grapheme cluster of their own: printable ASCII, line feed, Han,
#: and the punctuation Chinese is written with. Nearly every text here; the rest needs Unicode's cluster rules.
_PLAIN: Final = re.compile(r"[\n -~·—‘’“”…　-〉《-〟\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e]*")
#: The only cluster of several characters that the GSM alphabet can spell.
_GSM_CLUSTER: Final = re.compile(r"\r\n|.", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class SmsParts:
    """How one text is sent.

    Attributes:
        encoding: the alphabet of the whole text.
        units: length of the whole text, in septets (GSM-7) or UTF-16 units (UCS-2), headers not counted.
        parts: the pieces in order; joined they are the text. An empty text has none: gateways refuse an empty body.
        forced_by: the first character that is not in the GSM alphabet; None in GSM-7.
    """

    encoding: Encoding
    units: int
    parts: tuple[str, ...]
    forced_by: str | None


def split_sms(text: str) -> SmsParts:
    """Cut ``text`` as a gateway will: GSM-7 160 then 153 septets a part, UCS-2 70 then 67 units a part.

    A cluster is split only when it is longer than a whole part, and then between code points. Lone surrogates count
    one unit each.
    """
    forced_by = find_unsupported(text)
    encoding: Encoding = "GSM-7" if forced_by is None else "UCS-2"
    units = count_septets(text) if forced_by is None else count_utf16(text)
    single, several = LIMITS[encoding]
    if units <= single:
        parts: tuple[str, ...] = (text,) if text else ()
    elif forced_by is None:
        parts = tuple(_fill((cluster, count_septets(cluster)) for cluster in _GSM_CLUSTER.findall(text)))
    elif _PLAIN.fullmatch(text):
        parts = tuple(text[start : start + several] for start in range(0, units, several))
    else:
        parts = tuple(_fill(_measure_clusters(text, several), several))
    return SmsParts(encoding=encoding, units=units, parts=parts, forced_by=forced_by)


def find_unsupported(text: str) -> str | None:
    """The first character outside the GSM alphabet, which makes the whole text UCS-2; None when there is none."""
    return next((one for one in text if one not in GSM_BASIC and one not in GSM_EXTENSION), None)


def count_septets(text: str) -> int:
    """Length in septets of a text in the GSM alphabet; characters of the extension table count two."""
    return len(text) + sum(one in GSM_EXTENSION for one in text)


def count_utf16(text: str) -> int:
    """Length in UTF-16 units, as gateways count a body; a lone surrogate counts one."""
    return len(text) + sum(one > "\uffff" for one in text)


def _fill(clusters: Iterable[tuple[str, int]], limit: int = LIMITS["GSM-7"][1]) -> Iterator[str]:
    part: list[str] = []
    used = 0
    for cluster, units in clusters:
        if used + units > limit:
            yield "".join(part)
            part, used = [], 0
        part.append(cluster)
        used += units
    yield "".join(part)


def _measure_clusters(text: str, limit: int) -> Iterator[tuple[str, int]]:
    import regex  # slow to import, and needed only for text that is not plain Chinese

    for cluster in regex.findall(r"\X", text):
        units = count_utf16(cluster)
        if units <= limit:
            yield cluster, units
        else:
            yield from zip(cluster, map(count_utf16, cluster), strict=True)

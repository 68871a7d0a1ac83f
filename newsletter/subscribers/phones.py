"""Which strings are mobile numbers of mainland China, how they are written (E.164), and how they are shown.

The decision is the ``phonenumbers`` library's own data: the plain case matches the pattern it keeps for mobile
numbers, everything else goes through the library itself. It is loaded with the first number.
"""

import re
from functools import cache
from typing import ClassVar, Final
from unicodedata import category, normalize

from newsletter.errors import InputError
from newsletter.translation import gettext as _

REGION: Final = "CN"
COUNTRY_PREFIX: Final = "+86"
#: Longest cell that is looked at; no way of writing a number is longer.
_LONGEST: Final = 40
#: Digits shown at the start and the end of a number, and the fewest digits of which so many are shown.
_SHOWN_START, _SHOWN_END, _SHORTEST_SHOWN = 3, 4, 11
#: A sheet's float that still has every digit: ``13800005678.0`` and ``1.3800005678E+10``.
_FLOAT: Final = re.compile(r"(\d+)\.0+")
_SCIENTIFIC: Final = re.compile(r"(\d)\.(\d{10})E\+?10", re.IGNORECASE)
_COUNTRY: Final = re.compile(r"(?:\+|00)?86(?=1\d{10}$)")
_FOREIGN: Final = re.compile(r"(?:\+|00)(?!86)[1-9]\d{6,14}")


class NumberError(InputError):
    """No number that a message can be sent to; the message never repeats what was given."""

    code: ClassVar[str] = "invalid_number"


class MissingNumberError(NumberError):
    """Nothing was given."""

    code: ClassVar[str] = "missing_number"


class LandlineError(NumberError):
    """A number of mainland China that takes no messages."""

    code: ClassVar[str] = "landline"


class ForeignNumberError(NumberError):
    """A number of another country."""

    code: ClassVar[str] = "foreign_number"


@cache
def mobile_pattern() -> "re.Pattern[str]":
    """The library's pattern of a national mobile number."""
    from phonenumbers import PhoneMetadata

    metadata = PhoneMetadata.metadata_for_region(REGION)
    if metadata is None or metadata.mobile is None or not metadata.mobile.national_number_pattern:
        raise LookupError(REGION)
    # ASCII: the library has turned full-width digits into plain ones before it matches.
    return re.compile(metadata.mobile.national_number_pattern, re.ASCII)


def normalise_number(raw: str) -> str:
    """The number as E.164, ``+8613800005678``, however an office wrote it.

    Raises:
        MissingNumberError: empty.
        LandlineError: a fixed line, or another number of mainland China that takes no messages.
        ForeignNumberError: another country's.
        NumberError: no number at all.
    """
    if mobile_pattern().fullmatch(raw):
        return COUNTRY_PREFIX + raw
    compact = _compact(raw)
    if not compact:
        raise MissingNumberError(_("The number is missing."))
    national = _COUNTRY.sub("", compact, count=1)
    if mobile_pattern().fullmatch(national):
        return COUNTRY_PREFIX + national
    raise _explain(compact)


def _compact(raw: str) -> str:
    text = normalize("NFKC", raw[: _LONGEST + 1]).strip().lstrip("'")
    # Spaces, dashes, brackets and invisible marks; a full stop stays, since it tells a float.
    text = "".join(c for c in text if not (c.isspace() or category(c) in ("Pd", "Ps", "Pe", "Cf")))
    text = text.replace("\u2212", "")
    whole = _FLOAT.fullmatch(text)
    scientific = _SCIENTIFIC.fullmatch(text)
    if whole:
        return whole[1]
    return scientific[1] + scientific[2] if scientific else text


def _explain(compact: str) -> NumberError:
    import phonenumbers

    if len(compact) <= _LONGEST and re.fullmatch(r"\+?[0-9]+", compact):
        if _FOREIGN.fullmatch(compact):
            return ForeignNumberError(_("The number is not one of mainland China (+86)."))
        try:
            parsed = phonenumbers.parse(compact, REGION)
        except phonenumbers.NumberParseException:
            parsed = None
        if parsed is not None and phonenumbers.is_valid_number_for_region(parsed, REGION):
            return LandlineError(_("The number is a landline or a service, not a mobile number."))
    return NumberError(_("This is not a mobile number of mainland China."))


def mask_number(number: str) -> str:
    """``138****5678``: what may be shown of a number; of anything shorter than one, nothing."""
    digits = number.removeprefix(COUNTRY_PREFIX)
    if len(digits) < _SHORTEST_SHOWN:
        return "****"
    return f"{digits[:_SHOWN_START]}****{digits[-_SHOWN_END:]}"


def mask_name(name: str) -> str:
    """``张*``: the first character, and one star however many follow."""
    return name[:1] + "*" if name else ""

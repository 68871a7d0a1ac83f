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
#: Of a cell with several numbers, so much is looked at.
_LONGEST_LIST: Final = 200
#: Digits shown at the start and the end of a number, and the fewest digits of which so many are shown.
_SHOWN_START, _SHOWN_END, _SHORTEST_SHOWN = 3, 4, 11
#: A sheet's float that still has every digit: ``13800005678.0`` and ``1.3800005678E+10``.
_FLOAT: Final = re.compile(r"(\d+)\.0+")
_SCIENTIFIC: Final = re.compile(r"(\d)\.(\d{10})E\+?0?10", re.IGNORECASE)
#: A sheet's float that has lost digits: ``1.38E+10``.
_CUT_OFF: Final = re.compile(r"\d(?:\.\d{0,9})?E\+?0?10", re.IGNORECASE)
_COUNTRY: Final = re.compile(r"(?:\+|00)?86(?=1\d{10}$)")
#: What stands between several numbers; between the digits of one stand spaces, dashes and brackets.
_BETWEEN: Final = re.compile(r"[^0-9+()\-\s.]+|\s{2,}|[\r\n]+")
_TWO_MOBILES: Final = re.compile(r"(1[3-9]\d{9}){2,}")
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


class SeveralNumbersError(NumberError):
    """More than one number."""

    code: ClassVar[str] = "several_numbers"


class CutOffError(NumberError):
    """A spreadsheet kept the number without its last digits."""

    code: ClassVar[str] = "digits_cut_off"


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
        SeveralNumbersError: more than one.
        CutOffError: a float that has lost its last digits.
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
    return _ask_library(raw, compact)


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


def _ask_library(raw: str, compact: str) -> str:
    """The number by the library, which knows prefixes of China's networks (0, 17951), or why it is none."""
    import phonenumbers

    if len(compact) <= _LONGEST and re.fullmatch(r"\+?[0-9]+", compact):
        if _FOREIGN.fullmatch(compact):
            raise ForeignNumberError(_("The number is not one of mainland China (+86)."))
        try:
            parsed = phonenumbers.parse(compact, REGION)
        except phonenumbers.NumberParseException:
            parsed = None
        if parsed is not None and phonenumbers.is_valid_number_for_region(parsed, REGION):
            number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
            if mobile_pattern().fullmatch(number.removeprefix(COUNTRY_PREFIX)):
                return number
            raise LandlineError(_("The number is a landline or a service, not a mobile number."))
    if _CUT_OFF.fullmatch(compact):
        message = _("The spreadsheet has cut off the last digits; write the number anew, in a column of text.")
        raise CutOffError(message)
    if _holds_several(raw, compact):
        raise SeveralNumbersError(_("There are several numbers in this cell; leave the one to write to."))
    raise NumberError(_("This is not a mobile number of mainland China."))


def _holds_several(raw: str, compact: str) -> bool:
    if _TWO_MOBILES.fullmatch(compact):
        return True
    pieces = (_compact(piece) for piece in _BETWEEN.split(normalize("NFKC", raw[:_LONGEST_LIST])))
    return sum(_is_number(piece) for piece in pieces) > 1


def _is_number(compact: str) -> bool:
    import phonenumbers

    if not re.fullmatch(r"\+?[0-9]{7,20}", compact):
        return False
    try:
        return phonenumbers.is_valid_number_for_region(phonenumbers.parse(compact, REGION), REGION)
    except phonenumbers.NumberParseException:
        return False


def mask_number(number: str) -> str:
    """``138****5678``: what may be shown of a number; of anything shorter than one, nothing."""
    digits = number.removeprefix(COUNTRY_PREFIX)
    if len(digits) < _SHORTEST_SHOWN:
        return "****"
    return f"{digits[:_SHOWN_START]}****{digits[-_SHOWN_END:]}"


def mask_name(name: str) -> str:
    """``张*``: the first character, and one star however many follow."""
    return name[:1] + "*" if name else ""

"""Which names may stand between the brackets 【】 that open every message, as carriers in China register them."""

from typing import Final

from newsletter.errors import InputError
from newsletter.translation import gettext as _

#: Characters inside the brackets that carriers accept (common practice of Chinese SMS carriers).
SHORTEST: Final = 2
LONGEST: Final = 8


class SignatureError(InputError):
    """A signature no carrier would register."""

    code = "bad_signature"


def check_signature(signature: str) -> str:
    """Return ``signature`` (without its brackets) as given, when it can open a message.

    Raises:
        SignatureError: not 2 to 8 characters, or one that is a bracket, white space or not printable.
    """
    for character in signature:
        if character in "【】" or character.isspace() or not character.isprintable():
            raise SignatureError(
                _("The signature may not contain {character}.").format(character=_visible(character)),
                hint=_("Leave out brackets, spaces and control characters; the brackets are added when sending."),
            )
    if not SHORTEST <= len(signature) <= LONGEST:
        raise SignatureError(
            _("The signature “{signature}” has {count} characters.").format(signature=signature, count=len(signature)),
            hint=_("Give {shortest} to {longest} characters, without the brackets 【】.").format(
                shortest=SHORTEST, longest=LONGEST
            ),
        )
    return signature


def _visible(character: str) -> str:
    return character if character.isprintable() and not character.isspace() else f"U+{ord(character):04X}"

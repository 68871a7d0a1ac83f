"""How words that commands take are read and listed: by their codes, and by the names that people know them by."""

from collections.abc import Iterable, Mapping
from unicodedata import normalize

from newsletter.translation import active_language
from newsletter.translation import gettext as _


def find_word(word: str, labels: Mapping[str, Iterable[str]]) -> str | None:
    """The code that a word is, or is a name of; None when there is none.

    Args:
        word: as typed; hyphens serve as well as underscores, full-width letters as plain ones.
        labels: code → its names.
    """
    plain = _plain(word)
    return next((code for code, names in labels.items() if plain in map(_plain, (code, *names))), None)


def list_words(labels: Mapping[str, str]) -> str:
    """Codes with their names (code → name); in English the codes say it."""
    if active_language() == "en":
        return ", ".join(labels)
    return _(", ").join(f"{code} {label}" for code, label in labels.items())


def _plain(word: str) -> str:
    return normalize("NFKC", word).strip().casefold().replace("-", "_")

"""Which language the interface speaks, and how a sentence is translated into it.

English sentences in the code are the message ids; the catalogues stand under ``locale/``. Readers' texts (what an
edition says) are not interface: their language is the newsroom's own, and they do not go through here.
"""

import gettext as library
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

LOCALE_DIRECTORY: Final = Path(__file__).with_name("locale")
DOMAIN: Final = "newsletter"
#: What ``--language`` takes, and the catalogue that serves it (None: the English source needs none).
LANGUAGES: Final[dict[str, str | None]] = {"en": None, "zh-CN": "zh_CN"}
#: Options before the command that take the next word.
_ROOT_VALUES: Final = ("--newsroom", "--as")

_active: library.NullTranslations = library.NullTranslations()
_language: str = "en"


def gettext(message: str) -> str:
    """Translate one sentence into the active language."""
    return _active.gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a sentence whose form depends on ``count``."""
    return _active.ngettext(singular, plural, count)


def join_words(words: Iterable[str]) -> str:
    """Words told one after the other, with the comma of the active language between them."""
    return gettext(", ").join(words)


def mark(message: str) -> str:
    """Mark a sentence for the catalogue; it is translated later, where it is shown."""
    return message


def active_language() -> str:
    """The language in force, as ``--language`` spells it."""
    return _language


def use_language(language: str) -> None:
    """Speak ``language`` from now on, the framework's own words (typer's "Options") included.

    Raises:
        KeyError: a language that is not in ``LANGUAGES``.
    """
    global _active, _language  # noqa: PLW0603 (one process speaks one language at a time)
    catalogue = LANGUAGES[language]
    _language = language
    _active = (
        library.NullTranslations()
        if catalogue is None
        else library.translation(DOMAIN, LOCALE_DIRECTORY, [catalogue], fallback=True)
    )
    # typer calls the standard library's gettext, which finds its language here and nowhere else.
    os.environ["LANGUAGE"] = catalogue or "en"
    library.bindtextdomain(DOMAIN, str(LOCALE_DIRECTORY))
    library.textdomain(DOMAIN)


def match_language(name: str) -> str | None:
    """The supported language a locale or language name asks for: ``zh_CN.UTF-8`` → ``zh-CN``; None when unsupported."""
    plain = name.partition(".")[0].replace("_", "-").casefold()
    if plain in ("c", "posix") or plain.partition("-")[0] == "en":
        return "en"
    return "zh-CN" if plain.partition("-")[0] == "zh" else None


def detect_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """``--language``, ``NEWSLETTER_LANGUAGE``, the locale, else English; read before help is built.

    An unsupported ``--language`` is left to the option itself to refuse; an unsupported locale means English.
    """
    candidates = [_option_value(arguments), environment.get("NEWSLETTER_LANGUAGE")]
    candidates += [environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    for candidate in candidates:
        if candidate:
            return match_language(candidate) or "en"
    return "en"


def _option_value(arguments: Sequence[str]) -> str | None:
    """The root's ``--language``; a command may have an option of this name too, which means something else."""
    words = iter(arguments)
    for word in words:
        if word.startswith("--language="):
            return word.partition("=")[2]
        if word == "--language":
            return next(words, None)
        if word in _ROOT_VALUES:
            next(words, None)
        elif not word.startswith("-") or word == "--":
            break
    return None

"""The word lists that ship with the checks: plain text, words between spaces, lines with # for whoever reads them."""

from functools import cache
from importlib.resources import files


@cache
def read_words(name: str) -> tuple[str, ...]:
    """The words of a list, in its order."""
    text = files("newsletter.articles.reference").joinpath("words", name).read_text(encoding="utf-8")
    return tuple(word for line in text.splitlines() if not line.startswith("#") for word in line.split())

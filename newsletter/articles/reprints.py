"""Which texts are reprints (转载): those taken from somebody else, as their source says."""

from typing import Final

from newsletter.articles.models import Revision

#: Sources by which an office says that a text is its own.
_OWN: Final = frozenset({"本报", "本报讯", "本刊", "本报记者", "原创"})


def is_reprint(revision: Revision) -> bool:
    """Whether the text was taken from elsewhere; a reprint earns no points and is no original copy."""
    return bool(revision.source.strip()) and revision.source.strip() not in _OWN

"""Leaders' names that are nearly right: a character of the same sound or look, or another one beside their post."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from newsletter.articles.checks.findings import ErrorCode, Finding, Span
from newsletter.articles.checks.leader_titles import is_other_body, posts_before
from newsletter.articles.checks.persons import acts_as_leader, has_title_of, is_ordinary, stands_among
from newsletter.articles.reference.lexicon import Place
from newsletter.articles.reference.likeness import is_alike, same_sound
from newsletter.articles.reference.loading import CheckContext
from newsletter.articles.reference.near import NearMiss, Slip
from newsletter.translation import gettext as _

CHECK: Final = "leader_names"
_CJK: Final = re.compile("[㐀-鿿]+")
_SHORTEST_BARE: Final = 3
_BEFORE: Final = re.compile("(?:^|[^㐀-鿿]|[由和与及同对向请让为是随被据令经请])$")
_AFTER: Final = re.compile(
    "$|[^㐀-鿿]|[说和与及等在到赴率带指要对为走的就来以代致讲宣陪检慰看听深表作向将也还于又主出介强调参一先同前实进仔逐详边挨沿首再随当特专希叮嘱询问了察视踏现亲接会代发回答]"
)


@dataclass(frozen=True)
class _Guess:
    """A stretch of text taken for a leader's name, and how likely that is: higher is likelier."""

    miss: NearMiss
    score: int


@dataclass(frozen=True)
class _Around:
    """The whole article, and the leaders named rightly in the field."""

    article: str
    leaders: list[Place]


def find_misspelt_names(field: str, text: str, context: CheckContext, article: str = "") -> list[Finding]:
    """Stretches that stand where a name stands, are nearly a leader's, and are nobody's name that is known.

    ``article`` is the whole text: who is introduced as a farmer in its lead is one in its body, too.
    """
    leaders = list(context.roster.lexicon.find(text))
    known = [(start, end) for start, end, _name in leaders]
    known += [(start, end) for start, end, _name in context.places.lexicon.find(text)]
    guesses = [
        _Guess(miss, _score(text, miss, context, _Around(article or text, leaders)))
        for miss in context.near_names.find(text)
    ]
    guesses += [_Guess(miss, 5) for miss in _shortened(text, context)]
    free = [guess for guess in guesses if guess.score and not _overlaps(guess.miss, known)]
    free.sort(key=lambda guess: (-guess.score, len(guess.miss.changed), guess.miss.start, guess.miss.name))
    kept: list[NearMiss] = []
    for guess in free:
        if not _overlaps(guess.miss, [(miss.start, miss.end) for miss in kept]):
            kept.append(guess.miss)
    return [_describe(Span(field, text, miss.start, miss.end), miss) for miss in sorted(kept, key=lambda m: m.start)]


def _overlaps(miss: NearMiss, spans: list[tuple[int, int]]) -> bool:
    return any(start < miss.end and miss.start < end for start, end in spans)


def _score(text: str, miss: NearMiss, context: CheckContext, around: _Around) -> int:
    """0: not taken for the name."""
    written = text[miss.start : miss.end]
    if not _CJK.fullmatch(written) or miss.slip in (Slip.MISSING, Slip.EXTRA):
        return 0
    keeps_surname = 0 not in miss.changed
    is_swapped = miss.slip is Slip.SWAPPED and keeps_surname
    alike = is_swapped or all(is_alike(written[place], miss.name[place]) for place in miss.changed)
    if _holds_post_beside(text, miss, context):
        return 4 + 2 * alike if alike or (keeps_surname and len(miss.name) >= _SHORTEST_BARE) else 0
    if not alike or is_ordinary(written, around.article):
        return 0
    title = has_title_of(text, miss.start, miss.end, context.roster.of(miss.name))
    if title is not None:
        return 3 if title else 0
    return 2 if (is_swapped or _stands_as_name(text, miss)) and _is_told_of(text, miss, around) else 0


def _is_told_of(text: str, miss: NearMiss, around: _Around) -> bool:
    """Whether something speaks for the leader where no post stands beside the name."""
    is_named = miss.name in around.article
    return is_named or acts_as_leader(text, miss.end) or stands_among(text, miss.start, miss.end, around.leaders)


def _stands_as_name(text: str, miss: NearMiss) -> bool:
    """Whether the borders of a name are on both sides; on one, if it sounds exactly like it."""
    borders = (_BEFORE.search(text[max(0, miss.start - 1) : miss.start]), _AFTER.match(text, miss.end))
    sounds_same = all(same_sound(text[miss.start + place], miss.name[place]) for place in miss.changed)
    stands = all(borders) or (sounds_same and 0 not in miss.changed and any(borders))
    return stands and len(miss.name) >= _SHORTEST_BARE


def _holds_post_beside(text: str, miss: NearMiss, context: CheckContext) -> bool:
    before = posts_before(text, miss.start, context)
    posts = [post for position, post in before if not is_other_body(text, position, post, context)]
    posts.append(context.posts.lexicon.word_at(text, miss.end))
    return any(tenure.name == miss.name for post in posts if post for tenure in context.posts.written[post])


def _shortened(text: str, context: CheckContext) -> Iterator[NearMiss]:
    """Names with a character missing right behind the post: 市长沈砚 for 沈砚秋."""
    for _start, end, post in context.posts.lexicon.find(text):
        for tenure in context.posts.holders(post, context.date):
            full, written = tenure.name, text[end : end + len(tenure.name) - 1]
            is_short = len(full) == _SHORTEST_BARE and written in (full[:2], full[0] + full[2])
            if is_short and _AFTER.match(text, end + len(written)) and not text.startswith(full, end):
                yield NearMiss(end, end + len(written), full, (len(written),), Slip.MISSING)


def _describe(span: Span, miss: NearMiss) -> Finding:
    message = _("{written} is nearly the name {name}.").format(written=span.quote, name=miss.name)
    return span.find(CHECK, ErrorCode.LEADER, message, suggestion=miss.name)

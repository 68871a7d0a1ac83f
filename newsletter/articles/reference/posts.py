"""How a post is written in running text: with its unit, without, shortened; and what a written post can mean."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Final

from newsletter.articles.reference.lexicon import Lexicon
from newsletter.articles.reference.places import Places
from newsletter.articles.reference.roster import Roster, Tenure
from newsletter.articles.reference.words import read_words
from newsletter.organisation.units import UnitKind

#: What official posts end in, longest first.
HEADS: Final = read_words("post_endings.txt")
_HEAD: Final = re.compile(rf"(?P<before>.*?)(?P<grade>(?:常务|第一)?副|代理?|(?=.))(?P<head>{'|'.join(HEADS)})$")
#: Units whose posts are complete in themselves: 市长, 市委书记.
_WHOLE: Final = frozenset({"", UnitKind.COUNTY})
#: What may be left out before a unit's own name: 市教育局, 市委组织部.
_OWNER: Final = re.compile(r"^(?:中共)?(?:[省市县区]委|[省市县区])(?=.{2})")
#: Bodies whose posts are also named without 市: 政协主席.
_BODIES: Final = re.compile(r"^[市县区](?=人大|政协|纪委|监委|政府|法院|检察院)")
#: What a place is called in its own copy: 镇党委书记.
_SHORT_UNITS: Final = ("街道", "社区", "镇", "乡", "村", "区")
_SHORT_BODIES: Final = {"人大常委会": "人大", "纪律检查委员会": "纪委", "监察委员会": "监委", "人民政府": "政府"}


class Posts:
    """Every way to write a post of the roster, and of the like posts of other units."""

    def __init__(self, roster: Roster, places: Places) -> None:
        self._roster = roster
        self._places = places

    @cached_property
    def written(self) -> dict[str, frozenset[Tenure]]:
        """A written post → the tenures it can mean; none for a post that nobody on the roster ever held."""
        found: defaultdict[str, set[Tenure]] = defaultdict(set)
        for tenure in self._roster.tenures:
            for form in self._forms(tenure.post, tenure.unit):
                found[form].add(tenure)
        for post, unit in self._like_posts():
            for form in self._forms(post, unit):
                found.setdefault(form, set())
        return {form: frozenset(tenures) for form, tenures in found.items()}

    @cached_property
    def lexicon(self) -> Lexicon:
        """All written posts, ready to be looked for."""
        return Lexicon(self.written)

    def holders(self, form: str, day: date) -> list[Tenure]:
        """The tenures a written post can mean on a day."""
        return [tenure for tenure in self.written.get(form, ()) if tenure.covers(day)]

    def in_full(self, tenure: Tenure) -> str:
        """A post with its unit: 白蒲镇镇长; one that is complete in itself as it is: 市长."""
        return tenure.post if self._kind(tenure.unit) in _WHOLE else f"{tenure.unit}{tenure.post}"

    def _kind(self, unit: str) -> str:
        return self._places.kind_of(unit) if unit else ""

    def _like_posts(self) -> Iterator[tuple[str, str]]:
        """The roster's posts, and their deputies, in every unit of the same kind."""
        by_kind: defaultdict[str, set[str]] = defaultdict(set)
        for tenure in self._roster.tenures:
            by_kind[self._kind(tenure.unit)] |= {tenure.post, *_deputies(tenure.post)}
        for tenure in self._roster.tenures:
            if self._kind(tenure.unit) in _WHOLE:
                yield from ((post, tenure.unit) for post in _deputies(tenure.post))
        for place in self._places.places:
            if place.kind not in _WHOLE:
                yield from ((post, place.name) for post in by_kind.get(place.kind, ()))

    def _forms(self, post: str, unit: str) -> set[str]:
        shorter = {post, re.sub("(?:常务|第一)副", "副", post)}
        if self._kind(unit) in _WHOLE:
            return {form for each in shorter for form in _whole_forms(each, unit)}
        above = next((place.above for place in self._places.by_name.get(unit, ())), ())
        return {form for each in shorter for form in _unit_forms(each, unit, above)}


def head_of(post: str) -> str:
    """What a post ends in, with its grade: 市委副书记 → 副书记."""
    match = _HEAD.match(post)
    return match["grade"] + match["head"] if match else post


def without_grade(post: str) -> str:
    """A post as if held in full: 市委副书记 → 市委书记."""
    match = _HEAD.match(post)
    return match["before"] + match["head"] if match else post


def _deputies(post: str) -> list[str]:
    match = _HEAD.match(post)
    if not match or match["grade"] in ("代", "代理"):
        return []
    if match["grade"]:
        return [match["before"] + match["head"]]
    return [f"{match['before']}{grade}{match['head']}" for grade in ("副", "代")]


def _whole_forms(post: str, unit: str) -> set[str]:
    forms = {post, head_of(post), _BODIES.sub("", post)}
    for long, short in _SHORT_BODIES.items():
        forms |= {form.replace(long, short) for form in list(forms)}
    if unit:
        owned = {form for form in forms if form.startswith(("市", "县", "区", "副", "代", "常务"))}
        forms |= {unit + form for form in forms if form != head_of(post) or form in owned}
        forms |= {unit[:-1] + form for form in owned if form.startswith(unit[-1])}
        forms |= {f"中共{unit[:-1]}{form}" for form in owned if form.startswith(f"{unit[-1]}委")}
    return forms


def _unit_forms(post: str, unit: str, above: tuple[str, ...]) -> set[str]:
    names = {unit, _OWNER.sub("", unit)}
    names |= {f"{higher}{name}" for higher in above for name in list(names)}
    names |= {f"{higher[:-1]}{unit}" for higher in above if higher[-1:] == unit[:1]}
    names |= {ending for ending in _SHORT_UNITS if unit.endswith(ending)}
    forms = {post, head_of(post)} | {name + post for name in names}
    return forms | {name + post[1:] for name in names if name[-1:] == post[:1]}

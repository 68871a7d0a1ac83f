"""What copy is checked against on a day: roster, places and terms, read from the newsroom once a call."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final

from sqlmodel import Session

from newsletter.articles.reference.gazetteer import GAZETTEER_FILE, Entry, read_gazetteer
from newsletter.articles.reference.near import NearMisses
from newsletter.articles.reference.places import Places, collect_places
from newsletter.articles.reference.posts import Posts
from newsletter.articles.reference.reworded import RewordedNames
from newsletter.articles.reference.roster import ROSTER_FILE, Roster, Tenure, read_roster
from newsletter.articles.reference.terms import TERMS_FILE, Term, Terms, read_terms
from newsletter.newsroom import Newsroom
from newsletter.organisation.units import list_units

#: Characters of the shortest place name worth looking for where it is not quite written.
SHORTEST_PLACE: Final = 3


@dataclass(frozen=True, kw_only=True)
class ReferenceFiles:
    """What the files say, as it stands there."""

    tenures: tuple[Tenure, ...]
    entries: tuple[Entry, ...]
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class CheckContext:
    """What the copy checks know.

    Attributes:
        date: of the edition, or of the day an article came in: posts, ranks and weekdays are judged by it.
    """

    date: date
    roster: Roster = field(default_factory=Roster)
    places: Places = field(default_factory=Places)
    terms: Terms = field(default_factory=Terms)

    @cached_property
    def posts(self) -> Posts:
        """Every way to write a post of the roster."""
        return Posts(self.roster, self.places)

    @cached_property
    def near_names(self) -> NearMisses:
        """The roster's names, ready to be looked for where they are not quite written."""
        return NearMisses(name for name in self.roster.lexicon.words if len(name) > 1)

    @cached_property
    def near_places(self) -> NearMisses:
        """Names of places, the same."""
        names = (*self.places.by_name, *self.places.short_names)
        return NearMisses(name for name in names if len(name) >= SHORTEST_PLACE)

    @cached_property
    def reworded_places(self) -> RewordedNames:
        """Long names of places, the same where a whole word is another."""
        return RewordedNames((*self.places.by_name, *self.places.short_names))


def read_context(session: Session, newsroom: Newsroom, day: date) -> CheckContext:
    """Everything there is to check copy against.

    Raises:
        ReferenceFileError: a reference file with an error in it, by line and column.
        InputError, OutsideError: one that cannot be read.
    """
    units = list_units(session)
    names = {unit.code: unit.name for unit in units}
    files = read_reference_files(newsroom)
    return CheckContext(
        date=day,
        roster=Roster(tuple(replace(tenure, unit=names.get(tenure.unit, tenure.unit)) for tenure in files.tenures)),
        places=collect_places(units, files.entries),
        terms=Terms(files.terms),
    )


def read_reference_files(newsroom: Newsroom) -> ReferenceFiles:
    """The newsroom's roster, gazetteer and terms; each may be missing.

    Raises:
        ReferenceFileError: one with an error in it, by line and column.
        InputError, OutsideError: one that cannot be read.
    """
    return ReferenceFiles(
        tenures=read_roster(newsroom.directory / ROSTER_FILE),
        entries=read_gazetteer(newsroom.directory / GAZETTEER_FILE),
        terms=read_terms(newsroom.directory / TERMS_FILE),
    )

"""Roles given, dated, taken, new keys, people who leave, days that pass: journal and tables say what a model says."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from newsletter.errors import RefusedError
from newsletter.journal.chain import read_journal
from newsletter.newsroom import Newsroom, open_newsroom
from newsletter.organisation.enrolment import give_role, retire, take_role
from newsletter.organisation.grants import is_held
from newsletter.organisation.key_changes import rotate_own_key
from newsletter.organisation.roles import Role
from newsletter.organisation.staff import get_staff, list_grants
from newsletter.organisation.units import ancestor_codes, get_unit

PEOPLE = ("li", "wang", "zhao")
ROLES = (Role.ADMIN, Role.EDITOR, Role.REVIEWER)
UNITS = ("root", "county", "banjing")
#: Units whose roles are good for the unit.
ABOVE = {"root": {"root"}, "county": {"county", "root"}, "banjing": {"banjing", "county", "root"}}
OFFSETS = st.one_of(st.none(), st.integers(0, 4))


@dataclass(frozen=True)
class Given:
    """A role of the model."""

    person: str
    role: Role
    unit: str
    since: date | None
    until: date | None

    def holds(self, day: date) -> bool:
        return (self.since or day) <= day <= (self.until or day)


class GrantsMachine(RuleBasedStateMachine):
    """Admins come and go; ``sun`` stays one."""

    founded: Path

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="grants-"))
        for name in ("newsroom", "keys"):
            shutil.copytree(self.founded / name, self.home / name)
        self.moment = datetime.now(UTC) + timedelta(hours=1)
        self.newsroom = open_newsroom(
            self.home / "newsroom",
            actor="sun",
            environment={"NEWSLETTER_KEYS_DIR": str(self.home / "keys")},
            clock=lambda: self.moment,
        )
        desk = {"li": Role.EDITOR, "wang": Role.REVIEWER}
        self.given = {Given(name, role, "root", None, None) for name, role in desk.items()}
        self.gone: set[str] = set()

    def teardown(self) -> None:
        self.newsroom.engine.dispose()
        shutil.rmtree(self.home)

    @property
    def today(self) -> date:
        return self.moment.astimezone(self.newsroom.timezone).date()

    def _is_admin(self, person: str, unit: str) -> bool:
        if person == "sun":
            return True
        mine = {given.unit for given in self._held(person, Role.ADMIN)}
        return bool(mine & ABOVE[unit])

    def _held(self, person: str, role: Role) -> list[Given]:
        return [
            given for given in self.given if (given.person, given.role) == (person, role) and given.holds(self.today)
        ]

    def _acting(self, person: str) -> Newsroom:
        return replace(self.newsroom, actor=person)

    @staticmethod
    @contextlib.contextmanager
    def _refused_unless(allowed: bool) -> Iterator[None]:
        if allowed:
            yield
            return
        with pytest.raises(RefusedError):
            yield

    @rule(
        by=st.sampled_from(("sun", *PEOPLE)),
        person=st.sampled_from(PEOPLE),
        role=st.sampled_from(ROLES),
        unit=st.sampled_from(UNITS),
        first=OFFSETS,
        length=OFFSETS,
    )
    def grant(  # noqa: PLR0917 (as Hypothesis draws them)
        self, by: str, person: str, role: Role, unit: str, first: int | None, length: int | None
    ) -> None:
        since = None if first is None else self.today + timedelta(days=first)
        until = None if length is None else (since or self.today) + timedelta(days=length)
        allowed = by not in self.gone and person not in self.gone and self._is_admin(by, unit)
        dates = {"since": since.isoformat() if since else None, "until": until.isoformat() if until else None}
        with self._refused_unless(allowed):
            give_role(self._acting(by), person, role=role, unit=unit, **dates)
        if allowed:
            self.given.add(Given(person, role, unit, since, until))

    @rule(
        by=st.sampled_from(("sun", "sun", *PEOPLE)),
        person=st.sampled_from(PEOPLE),
        role=st.sampled_from(ROLES),
        unit=st.sampled_from(UNITS),
    )
    def revoke(self, by: str, person: str, role: Role, unit: str) -> None:
        mine = {given for given in self.given if (given.person, given.role, given.unit) == (person, role, unit)}
        is_live = any(given.until is None or given.until >= self.today for given in mine)
        allowed = by not in self.gone and self._is_admin(by, unit) and is_live
        with self._refused_unless(allowed):
            take_role(self._acting(by), person, role=role, unit=unit)
        if allowed:
            self.given -= mine

    @precondition(lambda self: len(self.gone) < 2)
    @rule(person=st.sampled_from(PEOPLE))
    def leave(self, person: str) -> None:
        with self._refused_unless(person not in self.gone):
            retire(self.newsroom, person)
        self.gone.add(person)
        self.given = {given for given in self.given if given.person != person}

    @rule(person=st.sampled_from(("sun", *PEOPLE)))
    def rotate(self, person: str) -> None:
        with self._refused_unless(person not in self.gone):
            rotate_own_key(self._acting(person), passphrase=None, may_lack_passphrase=True)

    @rule(hours=st.sampled_from((1, 12, 24, 60)))
    def pass_time(self, hours: int) -> None:
        self.moment += timedelta(hours=hours)

    @invariant()
    def journal_and_tables_agree_with_the_model(self) -> None:
        with self.newsroom.reading() as session:
            journal = read_journal(session, self.newsroom)
            chains = {unit: ancestor_codes(session, get_unit(session, unit).id or 0) for unit in UNITS}
            for person in PEOPLE:
                staff = get_staff(session, person)
                grants = list_grants(session, self.newsroom, staff.id or 0)
                mirror = {(grant.role, ancestor_codes(session, grant.unit_id)[0]) for grant in grants}
                assert (staff.retired_at is not None) is (person in self.gone)
                for role in ROLES:
                    units = {given.unit for given in self._held(person, role)}
                    assert {unit for held, unit in mirror if held == role} == units
                    for unit, chain in chains.items():
                        held = is_held(
                            journal, person=person, role=role, units=chain, place=len(journal) + 1, moment=self.moment
                        )
                        assert held is bool(units & ABOVE[unit]), (person, role, unit)


@pytest.mark.slow
def test_roles_are_what_was_said_of_them(founded: Path) -> None:
    machine = type("Machine", (GrantsMachine,), {"founded": founded})
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine, settings=settings(max_examples=15, stateful_step_count=14, deadline=None, suppress_health_check=checks)
    )

"""After a backup was restored: one admin states it, every other machine confirms it once, and the rest goes on."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.journal.chain import read_journal
from newsletter.journal.heads import HEAD_FILE, TruncatedJournalError, read_head
from newsletter.journal.statements import JournalBrokenError, Verb
from newsletter.newsroom import Newsroom, open_newsroom
from newsletter.organisation.enrolment import give_role, take_role
from newsletter.organisation.restoring import NothingLostError, accept_restored
from newsletter.organisation.roles import Role
from newsletter.organisation.staff import NoRightError, get_staff, list_grants
from newsletter.workflow.auditing.verifying import audit_newsroom


class Desk:
    """One database, two machines; a backup of the database is put back with ``restore``."""

    def __init__(self, directory: Path, keys: Path, other_keys: Path) -> None:
        self.directory = directory
        self.backup = directory.parent / "backup.db"
        self.homes = {"sun": keys, "zhao": other_keys, "li": keys}
        self.opened: list[Newsroom] = []

    def at(self, name: str) -> Newsroom:
        """The newsroom as opened on somebody's machine."""
        environment = {"NEWSLETTER_KEYS_DIR": str(self.homes[name])}
        newsroom = open_newsroom(self.directory, actor=name, environment=environment)
        self.opened.append(newsroom)
        return newsroom

    def close(self) -> None:
        for newsroom in self.opened:
            newsroom.engine.dispose()

    def save(self) -> None:
        self.close()
        shutil.copy(self.directory / "newsletter.db", self.backup)

    def restore(self) -> None:
        self.close()
        for beside in self.directory.glob("newsletter.db*"):
            beside.unlink()
        shutil.copy(self.backup, self.directory / "newsletter.db")

    def read(self, name: str) -> int:
        newsroom = self.at(name)
        with newsroom.reading() as session:
            return len(read_journal(session, newsroom))

    def say(self, count: int = 1) -> None:
        for _ in range(count):
            give_role(self.at("sun"), "ma", role=Role.ANALYST)

    def roles(self, name: str) -> list[str]:
        newsroom = self.at(name)
        with newsroom.reading() as session:
            return [grant.role for grant in list_grants(session, newsroom, get_staff(session, name).id or 0)]


@pytest.fixture
def desk(newsroom_directory: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(tmp_path / "keys", tmp_path / "zhaos")
    desk = Desk(newsroom_directory, tmp_path / "keys", tmp_path / "zhaos")
    yield desk
    desk.close()


def test_an_admin_states_it_and_goes_on(desk: Desk) -> None:
    desk.save()
    desk.say(3)
    lost = read_head(desk.at("sun").keys_directory)
    assert lost is not None
    desk.restore()
    with pytest.raises(TruncatedJournalError):
        desk.read("sun")
    word = accept_restored(desk.at("sun"))
    assert (word.verb, word.person, word.subject) == (Verb.RESTORE, "sun", "journal")
    assert word.details == {"lost": {"place": lost.place, "hash": lost.hash}}
    assert desk.read("sun") == word.place
    desk.say()
    assert desk.read("sun") == word.place + 1


def test_only_an_admin_of_the_whole_newsroom_states_it(desk: Desk) -> None:
    give_role(desk.at("sun"), "li", role=Role.ADMIN, unit="banjing")
    desk.save()
    desk.say()
    desk.restore()
    with pytest.raises(NoRightError):
        accept_restored(desk.at("li"))


def test_another_machine_believes_it_only_when_told_to(desk: Desk) -> None:
    desk.save()
    desk.say(2)
    desk.read("zhao")
    desk.restore()
    with pytest.raises(NoRightError):
        accept_restored(desk.at("zhao"))
    word = accept_restored(desk.at("sun"))
    with pytest.raises(TruncatedJournalError) as refused:
        desk.read("zhao")
    assert refused.value.hint.startswith("sun states that a backup was restored.")
    assert accept_restored(desk.at("zhao")) == word
    assert desk.read("zhao") == desk.read("sun")


def test_an_old_statement_excuses_no_new_loss(desk: Desk) -> None:
    """Whoever cuts the journal behind a restoration long known finds nobody fooled."""
    desk.save()
    desk.say()
    desk.read("zhao")
    desk.restore()
    accept_restored(desk.at("sun"))
    accept_restored(desk.at("zhao"))
    desk.save()
    desk.say(4)
    desk.read("zhao")
    desk.restore()
    with pytest.raises(TruncatedJournalError) as refused:
        desk.read("zhao")
    assert "an admin says so" in refused.value.hint
    with pytest.raises(NoRightError):
        accept_restored(desk.at("zhao"))
    with pytest.raises(TruncatedJournalError):
        desk.read("zhao")


def test_where_nothing_is_lost_nothing_is_stated(desk: Desk) -> None:
    before = desk.read("sun")
    with pytest.raises(NothingLostError):
        accept_restored(desk.at("sun"))
    assert desk.read("sun") == before


def test_interrupted_before_it_is_noted_it_is_not_stated_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.save()
    desk.say(2)
    desk.restore()

    def die(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("newsletter.organisation.restoring.pin_head", die)
        with pytest.raises(KeyboardInterrupt):
            accept_restored(desk.at("sun"))
    word = accept_restored(desk.at("sun"))
    assert desk.read("sun") == word.place


def test_a_note_that_cannot_be_read_is_mended_by_an_admin(desk: Desk) -> None:
    (desk.at("sun").keys_directory / HEAD_FILE).write_bytes(b"\x00\xff")
    word = accept_restored(desk.at("sun"))
    assert word.details == {"lost": {"place": 0, "hash": ""}}
    assert desk.read("sun") == word.place


def test_a_journal_that_was_altered_is_not_accepted(desk: Desk) -> None:
    desk.say(2)
    newsroom = desk.at("sun")
    with newsroom.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER statement_refuse_update")
        connection.exec_driver_sql("UPDATE statement SET body = replace(body, 'ma', 'li') WHERE id = 7")
    with pytest.raises(JournalBrokenError, match="statement 7"):
        accept_restored(newsroom)


def test_a_role_taken_and_lost_with_the_backup_is_taken_again(desk: Desk) -> None:
    """What the lost statements did is undone with them, and must be said anew."""
    desk.save()
    take_role(desk.at("sun"), "zhao", role=Role.ISSUER)
    desk.restore()
    accept_restored(desk.at("sun"))
    assert desk.roles("zhao") == [Role.ISSUER]
    take_role(desk.at("sun"), "zhao", role=Role.ISSUER)
    assert desk.roles("zhao") == []
    audit = audit_newsroom(desk.at("sun"))
    assert audit.problems == []
    assert audit.statements == desk.read("sun")

"""What the journal says of members' data shown and erased: by whom it may be said, and what it must never hold."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from newsletter.journal.remarks import RemarkError
from newsletter.journal.statements import Verb, append_statement
from newsletter.newsroom import Newsroom
from newsletter.organisation.staff import NoRightError
from newsletter.organisation.units import UnitKind, add_unit
from newsletter.subscribers.privacy.disclosing import NotForJournalError, PurposeError, journal_disclosure
from newsletter.workflow.auditing.verifying import audit_newsroom
from tests.command_line import CommandLine

VERIFIER = Path(__file__).parents[3] / "docs" / "verify_journal.py"


def say(newsroom: Newsroom, verb: Verb = Verb.REVEAL, **more: Any) -> None:
    values: dict[str, Any] = {"subject": "subscribers", "purpose": "核对名册", "count": 3, **more}
    with newsroom.writing() as session:
        journal_disclosure(session, newsroom, verb, **values)
        session.commit()


def forge(
    newsroom: Newsroom, person: str, *, role: str, unit: str = "root", verb: Verb = Verb.REVEAL, **more: Any
) -> None:
    """A statement signed with the person's own key, past the check of their roles."""
    details = {"purpose": "x", "count": 1, **more}
    acting = newsroom.acting_as(person)
    with acting.writing() as session:
        append_statement(session, acting, verb=verb, subject="subscribers", role=role, unit=unit, details=details)
        session.commit()


def faults(newsroom: Newsroom) -> list[str]:
    return [problem.code for problem in audit_newsroom(newsroom).problems]


@pytest.mark.parametrize(("person", "verb"), [("sun", verb) for verb in list(Verb)[-5:]] + [("zhao", Verb.REVEAL)])
def test_what_somebody_may_say_is_no_fault(newsroom: Newsroom, person: str, verb: Verb) -> None:
    say(newsroom.acting_as(person), verb)
    assert faults(newsroom) == []


@pytest.mark.parametrize(("person", "verb"), [("li", Verb.REVEAL), ("zhao", Verb.ERASE), ("chen", Verb.EXPORT)])
def test_others_cannot_say_it(newsroom: Newsroom, person: str, verb: Verb) -> None:
    with pytest.raises(NoRightError):
        say(newsroom.acting_as(person), verb)


@pytest.mark.parametrize(
    "forged",
    [
        {"person": "li", "role": "editor"},
        {"person": "li", "role": "admin"},
        {"person": "zhao", "role": "issuer", "verb": Verb.ERASE},
        {"person": "sun", "role": "admin", "purpose": ""},
        {"person": "sun", "role": "admin", "count": "many"},
        {"person": "sun", "role": "admin", "number": 13900000001},
        {"person": "sun", "role": "admin", "number": "139 0000 0001"},
        {"person": "sun", "role": "admin", "keys": ["0123456789abcdef0123456789abcdef"]},
    ],
)
def test_what_somebody_could_not_say_is_reported(newsroom: Newsroom, forged: dict[str, Any]) -> None:
    forge(newsroom, **forged)
    assert faults(newsroom) == ["disclosure"]


def test_roles_are_judged_at_their_place(shell: CommandLine, newsroom: Newsroom) -> None:
    shell.ask("staff", "add", "zhen", "--role", "admin", "--unit", "banjing", "--no-passphrase", by="sun")
    say(newsroom.acting_as("zhen"))
    shell.ask("staff", "revoke", "zhen", "--role", "admin", "--unit", "banjing", by="sun")
    assert faults(newsroom) == []
    forge(newsroom, "zhen", role="admin", unit="banjing")
    assert faults(newsroom) == ["disclosure"]


def test_an_admin_of_a_town_cannot_speak_for_another(shell: CommandLine, newsroom: Newsroom) -> None:
    shell.ask("staff", "add", "zhen", "--role", "admin", "--unit", "banjing", "--no-passphrase", by="sun")
    forge(newsroom, "zhen", role="admin", unit="baipu")
    assert faults(newsroom) == ["disclosure"]


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"purpose": ""}, PurposeError),
        ({"purpose": "查" * 201}, PurposeError),
        ({"purpose": "１３９００００００００１"}, RemarkError),
        ({"subject": "13900000001"}, NotForJournalError),
        ({"subject": "subscriber:13900000001"}, NotForJournalError),
        ({"details": {"number": "+8613900000001"}}, NotForJournalError),
        ({"details": {"number": 8613900000001}}, NotForJournalError),
        ({"details": {"keys": [{"k": "0123456789abcdef" * 2}]}}, NotForJournalError),
        ({"details": {"raw": b"x"}}, NotForJournalError),
    ],
)
def test_the_journal_takes_no_members_data(newsroom: Newsroom, more: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        say(newsroom, **more)


def test_units_whose_codes_look_like_numbers_can_be_named(newsroom: Newsroom) -> None:
    with newsroom.writing() as session:
        for code in ("91320682138000012X", "1380000"):
            add_unit(session, code=code, name=f"企业{code[-1]}", kind=UnitKind.ORGANISATION)
        session.commit()
    say(newsroom, subject="unit:1380000", details={"units": ["91320682138000012X", "320682116205"]})
    assert faults(newsroom) == []


def test_it_reads_well_in_either_language(shell: CommandLine, newsroom: Newsroom) -> None:
    say(newsroom, Verb.EXPORT)
    for language in ("en", "zh-CN"):
        assert "核对名册" in shell.type("audit", "show", by="sun", language=language).out


def test_a_stranger_can_verify_the_export(shell: CommandLine, newsroom: Newsroom, tmp_path: Path) -> None:
    for verb in list(Verb)[-5:]:
        say(newsroom, verb)
    path = tmp_path / "journal.json"
    shell.ask("audit", "export", path, by="sun")
    admin = json.loads(path.read_text("utf-8"))["admin_key"]
    verify = [sys.executable, str(VERIFIER), str(path), admin]
    assert subprocess.run(verify, check=False, capture_output=True).returncode == 0
    forge(newsroom, "li", role="editor", verb=Verb.ERASE)
    shell.ask("audit", "export", path, by="sun")
    assert subprocess.run(verify, check=False, capture_output=True).returncode == 1

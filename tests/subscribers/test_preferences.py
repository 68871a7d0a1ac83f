"""Audiences by what people prefer and where they live now; and the documents of those saved before there was any."""

import json
from typing import Any

import pytest
from sqlmodel import col, select

from newsletter.delivery.planning import edition_audience
from newsletter.editions.records import get_edition
from newsletter.errors import InputError
from newsletter.journal.canonical import canonical_json
from newsletter.newsroom import Newsroom
from newsletter.subscribers.audience.audiences import AudienceDefinition, audience_condition, make_definition
from newsletter.subscribers.models import Subscriber
from newsletter.subscribers.provinces import PROVINCES
from tests.command_line import CommandLine
from tests.subscribers.people import add_person
from tests.texts import an_article_file

#: As it was saved, and its digest signed, before there were preferences.
OLD = (
    '{"excluded":[{"excluded":[],"excluded_names":[],"mobile":null,"professions":[],"regions":[],"retired":true,'
    '"standings":[],"units":[]}],"excluded_names":["old"],"mobile":null,"professions":["farmer"],"regions":[],'
    '"retired":null,"standings":[],"units":["banjing"]}'
)
PEOPLE: dict[str, dict[str, Any]] = {
    "a": {"channel": "full-text"},
    "b": {"channel": "mms", "language": "en"},
    "c": {"large_type": True, "language": "zh-CN"},
    "d": {"mobile": True, "place_region": "31"},
    "e": {"mobile": True, "place_region": "44", "large_type": True},
    "f": {"mobile": False, "place_region": "31"},
    "g": {},
}


@pytest.fixture
def town(newsroom: Newsroom) -> Newsroom:
    with newsroom.writing() as session:
        for place, (name, fields) in enumerate(PEOPLE.items()):
            add_person(session, newsroom, place, name=name, **fields)
        session.commit()
    return newsroom.acting_as("li")


def names(newsroom: Newsroom, **kinds: Any) -> str:
    with newsroom.reading() as session:
        definition = make_definition(session, **kinds)
        people = select(Subscriber).where(audience_condition(session, definition)).order_by(col(Subscriber.id))
        return "".join(
            newsroom.data_keys.decrypt(person.name, f"name/{person.number_key}") for person in session.exec(people)
        )


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ({"channels": ["full-text"]}, "a"),
        ({"channels": ["MMS", "full-text"]}, "ab"),
        ({"languages": ["en"], "own_language": "zh-CN"}, "b"),
        ({"languages": ["zh-cn"], "own_language": "zh-CN"}, "acdefg"),
        ({"languages": ["zh-CN"], "own_language": "en"}, "c"),
        ({"large_type": True}, "ce"),
        ({"large_type": False}, "abdfg"),
        ({"places": ["上海市"]}, "d"),
        ({"places": ["310000", "深圳"]}, "de"),
        ({"places": ["31"], "large_type": True}, ""),
        ({"excluded": {"far": AudienceDefinition(places=("31", "44"))}}, "abcfg"),
    ],
)
def test_preferences_are_kinds_like_the_others(town: Newsroom, kinds: dict[str, Any], expected: str) -> None:
    assert names(town, **kinds) == expected


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ({"channels": ["fax"]}, "no channel fax"),
        ({"languages": ["fr"]}, "no language fr"),
        ({"places": ["火星"]}, "火星 is in no province"),
    ],
)
def test_unknown_preferences_are_bad_input(town: Newsroom, kinds: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        names(town, **kinds)


def test_a_definition_without_preferences_is_the_same_text_as_before_there_were_any() -> None:
    loaded = AudienceDefinition.model_validate_json(OLD)
    assert canonical_json(loaded.document()) == OLD
    assert "channels" not in json.loads(canonical_json(AudienceDefinition().document()))


def test_what_is_said_of_preferences_is_kept_at_every_depth() -> None:
    far = AudienceDefinition(places=tuple(PROVINCES)[:2], large_type=False)
    middle = AudienceDefinition(channels=("mms",), excluded=(far,), excluded_names=("far",))
    whole = AudienceDefinition(languages=("", "en"), excluded=(middle,), excluded_names=("middle",))
    document = whole.document()
    assert AudienceDefinition.model_validate(json.loads(canonical_json(document))) == whole
    assert document["excluded"][0]["excluded"][0]["large_type"] is False
    assert "channels" not in document


def test_three_levels_are_drawn_as_a_tree_and_leave_out_in_turn(shell: CommandLine, newsroom: Newsroom) -> None:
    with newsroom.writing() as session:
        for place, (mobile, retired, profession) in enumerate(
            [(False, False, ""), (True, False, ""), (True, True, ""), (True, True, "farmer"), (False, True, "farmer")]
        ):
            add_person(session, newsroom, place, mobile=mobile, retired=retired, profession=profession)
        session.commit()
    shell.ask("audience", "save", "农民", "--profession", "farmer", by="li")
    shell.ask("audience", "save", "老人", "--retired", "--except", "农民", by="li")
    shell.ask("audience", "save", "流动", "--mobile", "--except", "老人", by="li")
    shell.ask("audience", "save", "在家", "--except", "流动", by="li")
    # Away: 1, 2, 3; of them not 2, who is old and no farmer. So everybody but 1 and 3.
    assert shell.ask("audience", "count", "在家", by="li")["people"] == 3
    assert shell.type("audience", "show", "在家", by="li").out.splitlines() == [
        "Audience 在家, version 1: except 流动.",
        "  except 流动: mobile; except 老人",
        "    except 老人: retired; except 农民",
        "      except 农民: profession farmer, herder or fisher",
    ]


def test_an_edition_keeps_its_audience_when_an_excluded_one_changes(shell: CommandLine, newsroom: Newsroom) -> None:
    with newsroom.writing() as session:
        for place in range(4):
            add_person(session, newsroom, place, retired=place == 0)
        session.commit()
    shell.ask("audience", "save", "老人", "--retired", by="li")
    shell.ask("audience", "save", "在职", "--except", "老人", by="li")
    article = shell.ask("submit", an_article_file(shell.directory.parent), by="li")["articles"][0]["article"]
    drafted = shell.ask("draft", article, "--audience", "在职", "--submit", by="li")
    with newsroom.reading() as session:
        before = get_edition(session, drafted["edition"]).audience_definition
    shell.ask("audience", "save", "老人", "--not-retired", by="li")
    shell.ask("audience", "save", "在职", "--except", "老人", by="li")
    assert shell.ask("audience", "count", "在职", by="li")["people"] == 1
    shell.ask("approve", drafted["edition"], by="wang")
    found = shell.ask("send", drafted["edition"], "--dry-run", by="zhao")
    assert (found["people"], found["reachable"]) == (3, 3)
    with newsroom.reading() as session:
        edition = get_edition(session, drafted["edition"])
        assert (edition.audience_definition, edition.digest) == (before, drafted["digest"])
        assert edition_audience(edition).excluded[0].retired is True

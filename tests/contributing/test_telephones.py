"""Contributors' numbers: kept encrypted, bound to their place, shown masked only."""

import pytest

from newsletter.keys import DATA_KEY_FILE, MissingKeyError
from newsletter.newsroom import DATABASE_FILE, Newsroom
from newsletter.organisation.contributors import get_contributor
from newsletter.workflow.contributing.telephones import give_number, reveal_number
from tests.command_line import CommandLine
from tests.contributing.desks import GU, LU, NUMBERS, with_numbers


@pytest.mark.parametrize("written", ["13800005678", "+86 138-0000-5678", "１３８００００５６７８"])
def test_a_number_is_masked_wherever_it_is_shown(shell: CommandLine, written: str) -> None:
    answer = shell.ask("contributors", "phone", LU, written, by="li")
    assert answer == {"contributor": 1, "name": LU, "phone": "138****5678"}
    added = shell.ask("contributors", "add", "丁一", "--unit", "baipu", "--phone", written, by="sun")
    assert added["phone"] == "138****5678"
    listed = shell.ask("contributors", "list", by="chen")["contributors"]
    assert [person["phone"] for person in listed] == ["138****5678", None, "138****5678"]
    said = (
        shell.type("contributors", "phone", LU, written, by="li").out + shell.type("contributors", "list", by="li").out
    )
    assert "0000" not in said


def test_no_number_stands_in_the_database(shell: CommandLine) -> None:
    shell.ask("contributors", "phone", LU, NUMBERS[LU], by="li")
    stored = b"".join(path.read_bytes() for path in shell.directory.glob(f"{DATABASE_FILE}*"))
    assert NUMBERS[LU].encode() not in stored


def test_a_ciphertext_moved_to_another_number_is_not_taken(newsroom: Newsroom) -> None:
    desk = with_numbers(newsroom)
    with desk.writing() as session:
        first, second = get_contributor(session, LU), get_contributor(session, GU)
        first.number = second.number
        with pytest.raises(MissingKeyError):
            reveal_number(desk.data_keys, first)


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        ((LU, "0513-87654321"), 2, "landline"),
        ((LU, "12345"), 2, "invalid_number"),
        ((LU, "+1 415 555 2671"), 2, "foreign_number"),
        ((LU, ""), 2, "missing_number"),
        ((LU,), 2, "bad_input"),
        ((LU, "13800005678", "--none"), 2, "bad_input"),
        (("没有人", "13800005678"), 3, "unknown_contributor"),
    ],
)
def test_what_is_no_mobile_number_is_refused(shell: CommandLine, words: tuple[str, ...], code: int, error: str) -> None:
    answer = shell.ask("contributors", "phone", *words, by="li", code=code)["error"]
    assert answer["code"] == error
    assert "5678" not in answer["message"]


def test_a_refused_number_adds_no_contributor(shell: CommandLine) -> None:
    shell.ask("contributors", "add", "丁一", "--unit", "baipu", "--phone", "0513-87654321", by="sun", code=2)
    assert len(shell.ask("contributors", "list", by="sun")["contributors"]) == 2


def test_a_number_is_forgotten_on_request(shell: CommandLine, newsroom: Newsroom) -> None:
    with_numbers(newsroom, LU)
    assert shell.ask("contributors", "phone", LU, "--none", by="li")["phone"] is None
    with newsroom.reading() as session:
        person = get_contributor(session, LU)
    assert (person.number, person.number_key, person.number_since) == (None, None, None)


def test_without_the_data_key_the_list_still_shows_who_there_is(shell: CommandLine, newsroom: Newsroom) -> None:
    with_numbers(newsroom, LU)
    (newsroom.keys_directory / DATA_KEY_FILE).unlink()
    assert shell.ask("contributors", "list", by="chen")["contributors"][0]["phone"] == "****"
    shell.ask("contributors", "phone", GU, NUMBERS[GU], by="li", code=5)


def test_only_admin_and_editor_record_numbers(shell: CommandLine) -> None:
    assert shell.ask("contributors", "phone", LU, NUMBERS[LU], by="zhao", code=4)["error"]["code"] == "no_right"


def test_a_changed_number_keeps_the_day_it_began(newsroom: Newsroom) -> None:
    desk = with_numbers(newsroom, LU)
    with desk.reading() as session:
        since = get_contributor(session, LU).number_since
    assert since is not None
    assert since < desk.now()
    assert give_number(desk, LU, "13900000009").number_since == since

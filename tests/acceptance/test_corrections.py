"""After sending: a notice, a correction or a retraction reaches whoever got the original, and nobody else."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.furnished import copy_of, furnish
from tests.command_line import Answer, CommandLine
from tests.texts import a_subscriber_file, an_article_file, number_of

MEMBERS = 5


@pytest.fixture(scope="session")
def sent(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five members of one town; edition 1 with articles 1 and 2, sent to all of them; article 3 waits."""
    root = tmp_path_factory.mktemp("sent")
    files = [an_article_file(root, title) for title in ("板凳会开到田头", "河道清淤", "秋粮入库")]
    lines = [
        ("li", ("subscribers", "import", a_subscriber_file(root, MEMBERS))),
        ("li", ("submit", *files)),
        ("li", ("draft", 1, 2, "--submit")),
        ("wang", ("approve", 1)),
        ("zhao", ("send", 1, "--yes")),
    ]
    return furnish(founded, root, lines)


@pytest.fixture
def newsroom_directory(sent: Path, tmp_path: Path) -> Path:
    return copy_of(sent, tmp_path)


@pytest.fixture
def desk(shell: CommandLine) -> CommandLine:
    return shell


def correct(desk: CommandLine, kind: str, *options: object, text: str = "稿中日期有误。", edition: int = 1) -> int:
    words = ("correct", edition, "--kind", kind, "--text", text, *options, "--yes")
    made: int = desk.ask(*words, by="li")["edition"]
    return made


def send(desk: CommandLine, edition: int) -> dict[str, object]:
    desk.ask("approve", edition, by="wang")
    answer: dict[str, object] = desk.ask("send", edition, "--yes", by="zhao")
    return answer


def texts(desk: CommandLine, edition: int) -> list[str]:
    return [one["text"] for one in desk.ask("sandbox", "messages", "--edition", edition, by="zhao")["messages"]]


def meddle(directory: Path, statement: str) -> None:
    connection = sqlite3.connect(directory / "newsletter.db")
    with connection:
        connection.execute(statement)
    connection.close()


def stages(desk: CommandLine) -> Iterator[str]:
    for article in (1, 2):
        yield desk.ask("show", article, by="li")["stage"]
    yield desk.ask("status", 1, by="li")["stage"]


def test_one_command_each_of_editor_reviewer_and_issuer_corrects_an_edition(desk: CommandLine) -> None:
    text = "“三段河道”应为“两段河道”,特此更正,并向读者致歉。"
    made = desk.ask("correct", 1, "--kind", "correction", "--article", 1, "--text", text, "--yes", by="li")
    assert (made["kind"], made["stage"], made["received"]) == ("correction", "submitted", MEMBERS)
    assert made["corrects"] == {"edition": 1, "kind": "correction", "articles": [1]}

    answer = send(desk, made["edition"])

    assert (answer["stage"], answer["audience"]) == ("sent", MEMBERS)
    assert set(texts(desk, made["edition"])) == {made["text"]}
    lines = made["text"].splitlines()
    assert lines[0].startswith("【如皋手机报】")
    assert "更正" in lines[0]
    assert lines[1].endswith("第1期《板凳会开到田头》的更正")
    assert lines[1].startswith("关于")
    assert text in lines[2]
    assert lines[-1] == "拒收请回复R"
    assert list(stages(desk)) == ["corrected", "published", "sent"]


@pytest.mark.parametrize(("kind", "word"), [("notice", "说明"), ("correction", "更正"), ("retraction", "撤稿声明")])
def test_each_kind_says_in_chinese_what_it_is_and_names_the_original(
    desk: CommandLine, kind: str, word: str, newsroom_directory: Path
) -> None:
    meddle(newsroom_directory, "UPDATE edition SET date = '2026-11-20'")
    edition = correct(desk, kind, "--title", "致读者")
    lines = desk.ask("preview", edition, by="chen")["sms"]["text"].splitlines()
    assert word in lines[0]
    assert lines[1] == "致读者"
    assert lines[2].endswith(f"11月20日第1期《板凳会开到田头》《河道清淤》的{word}")


def test_the_words_may_come_from_a_file(desk: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "更正.txt"
    path.write_bytes("第一段。\r\n第二段。\r\n".encode("gb18030"))
    made = desk.ask("correct", 1, "--kind", "notice", "--file", path, "--yes", by="li")
    assert "第一段。\n第二段。" in made["text"]


def test_a_retraction_withdraws_the_articles_it_names_and_leaves_the_rest(desk: CommandLine) -> None:
    edition = correct(desk, "retraction", "--article", 2)
    assert list(stages(desk)) == ["published", "published", "sent"], "nothing is decided before the issuer signs"
    desk.ask("approve", edition, by="wang")
    desk.ask("sign", edition, by="zhao")
    assert list(stages(desk)) == ["published", "retracted", "sent"]
    other = correct(desk, "retraction", "--article", 1)
    send(desk, other)
    assert list(stages(desk)) == ["retracted", "retracted", "retracted"], "both together are the whole of it"


def test_the_issuers_word_over_the_originals_digest_stands_in_the_journal(desk: CommandLine) -> None:
    send(desk, correct(desk, "retraction"))
    status = desk.ask("status", 1, by="li")
    word = status["statements"][-1]
    assert (word["verb"], word["person"], word["role"]) == ("retract", "zhao", "issuer")
    assert word["digest"] == status["digest"]
    assert status["stage"] == "retracted"


@pytest.mark.parametrize("kind", ["notice", "correction"])
def test_only_a_retraction_says_so_in_the_journal(desk: CommandLine, kind: str) -> None:
    send(desk, correct(desk, kind))
    assert [word["verb"] for word in desk.ask("status", 1, by="li")["statements"]] == ["submit", "approve", "sign"]


def test_the_original_stays_readable_and_is_marked_everywhere(desk: CommandLine) -> None:
    before = desk.ask("preview", 1, by="li")
    edition = correct(desk, "retraction", "--article", 1)
    assert desk.ask("status", 1, by="li")["corrected_by"] == [], "not before it is signed"
    send(desk, edition)
    mark = [{"edition": edition, "kind": "retraction", "stage": "sent", "articles": [1]}]
    preview = desk.ask("preview", 1, by="li")
    assert preview["sms"]["text"] == before["sms"]["text"]
    assert preview["corrected_by"] == mark
    assert desk.ask("status", 1, by="li")["corrected_by"] == mark
    assert {row["edition"]: row["corrected_by"] for row in desk.ask("editions", by="li")["editions"]}[1] == mark
    assert desk.ask("show", 1, by="li")["editions"][0]["corrected_by"] == mark
    assert desk.ask("show", 2, by="li")["editions"][0]["corrected_by"] == [], "the other article was right"
    for words in (("editions",), ("status", 1), ("show", 1), ("preview", 1)):
        said: Answer = desk.type(*words, by="li")
        assert f"retracted by edition {edition}" in said.out + said.err, words


def test_it_goes_to_whoever_got_the_original_wherever_they_are_now(
    desk: CommandLine, newsroom_directory: Path, tmp_path: Path
) -> None:
    desk.ask("subscribers", "import", a_subscriber_file(tmp_path, 4, first=100), by="li")
    desk.ask("optout", number_of(0), "--reason", "不想收了", by="zhao")
    meddle(newsroom_directory, "UPDATE subscriber SET status = 'left' WHERE id = 2")
    meddle(newsroom_directory, "UPDATE subscriber SET unit_id = (SELECT id FROM unit WHERE code = 'nyj') WHERE id = 3")
    meddle(newsroom_directory, "DELETE FROM subscriber WHERE id = 4")
    edition = correct(desk, "notice")
    desk.ask("approve", edition, by="wang")

    planned = desk.ask("send", edition, "--dry-run", by="zhao")
    assert (planned["received"], planned["audience"], planned["reachable"]) == (MEMBERS, MEMBERS, MEMBERS - 2)
    assert planned["excluded"] == {"opted_out": 1, "invalid_number": 0, "no_consent": 0, "not_on_register": 1}
    shown = desk.type("send", edition, "--dry-run", by="zhao").out
    assert "got edition 1" in shown
    assert "no longer on the register" in shown

    answer = desk.ask("send", edition, "--yes", by="zhao")
    assert answer["audience"] == MEMBERS
    ledger = {state: count for state, count in answer["ledger"].items() if count}
    assert ledger == {"delivered": MEMBERS - 2, "suppressed": 1, "cancelled": 1}
    assert len(texts(desk, edition)) == MEMBERS - 2


def test_whom_the_original_never_reached_gets_no_correction(desk: CommandLine, newsroom_directory: Path) -> None:
    states = ("failed", "undelivered", "unknown", "accepted", "sent")
    for subscriber, state in enumerate(states, start=1):
        meddle(newsroom_directory, f"UPDATE delivery SET state = '{state}' WHERE subscriber_id = {subscriber}")
    edition = correct(desk, "correction")
    assert send(desk, edition)["audience"] == 3


def test_the_audience_is_frozen_when_it_is_planned(desk: CommandLine, newsroom_directory: Path) -> None:
    edition = correct(desk, "correction")
    send(desk, edition)
    meddle(newsroom_directory, "UPDATE delivery SET state = 'failed' WHERE edition_id = 1")
    again = desk.ask("send", edition, "--yes", by="zhao")
    assert (again["audience"], again["ledger"]["delivered"]) == (MEMBERS, MEMBERS)


def test_only_what_was_sent_is_corrected(desk: CommandLine) -> None:
    drafted = desk.ask("draft", 3, by="li")["edition"]
    for kind in ("notice", "correction", "retraction"):
        words = ("correct", drafted, "--kind", kind, "--text", "有误。", "--yes")
        assert desk.ask(*words, by="li", code=4)["error"]["code"] == "edition_stage"


def test_nothing_is_retracted_twice(desk: CommandLine) -> None:
    correct(desk, "retraction", "--article", 1)
    words = ("correct", 1, "--kind", "retraction", "--text", "有误。", "--yes")
    assert desk.ask(*words, by="li", code=4)["error"]["code"] == "already_retracted"
    correct(desk, "retraction", "--article", 2)


def test_what_is_retracted_cannot_be_corrected_any_more_but_explained(desk: CommandLine) -> None:
    send(desk, correct(desk, "retraction"))
    words = ("correct", 1, "--kind", "correction", "--text", "有误。", "--yes")
    assert desk.ask(*words, by="li", code=4)["error"]["code"] == "article_stage"
    correct(desk, "notice")


def test_a_correction_is_corrected_once_it_is_sent_itself(desk: CommandLine) -> None:
    first = correct(desk, "correction")
    words = ("correct", first, "--kind", "correction", "--text", "又有误。", "--yes")
    assert desk.ask(*words, by="li", code=4)["error"]["code"] == "edition_stage"
    send(desk, first)
    second = correct(desk, "correction", edition=first)
    assert "更正第1期" in desk.ask("preview", second, by="li")["sms"]["text"]
    assert send(desk, second)["audience"] == MEMBERS


def test_a_tampered_link_is_noticed(desk: CommandLine, newsroom_directory: Path) -> None:
    edition = correct(desk, "correction", "--article", 1)
    desk.ask("approve", edition, by="wang")
    desk.ask("sign", edition, by="zhao")
    for column, value in (
        ("corrected_articles", "'1 2'"),
        ("correction_kind", "'retraction'"),
        ("corrects_id", str(edition)),
        ("corrects_id", "NULL"),
    ):
        before = f"SELECT {column} FROM edition WHERE id = {edition}"
        with sqlite3.connect(newsroom_directory / "newsletter.db") as connection:
            former = connection.execute(before).fetchone()[0]
        meddle(newsroom_directory, f"UPDATE edition SET {column} = {value} WHERE id = {edition}")
        error = desk.ask("send", edition, "--yes", by="zhao", code=4)["error"]
        assert error["code"] == "changed_since_approval", column
        meddle(newsroom_directory, f"UPDATE edition SET {column} = '{former}' WHERE id = {edition}")
    assert desk.ask("send", edition, "--yes", by="zhao")["stage"] == "sent"


def test_other_editions_manifests_say_nothing_of_corrections(desk: CommandLine, newsroom_directory: Path) -> None:
    edition = correct(desk, "notice")
    with sqlite3.connect(newsroom_directory / "newsletter.db") as connection:
        manifests = dict(connection.execute("SELECT id, manifest FROM edition"))
    assert '"corrects"' not in manifests[1]
    assert '"corrects":{"articles":[1,2],"edition":1,"kind":"notice"}' in manifests[edition]


def test_it_asks_first_and_refuses_what_makes_no_sense(desk: CommandLine) -> None:
    correction = ("correct", 1, "--kind", "correction")
    assert desk.ask(*correction, "--text", "有误。", by="li", code=4)["error"]["hint"] == "Add --yes to go ahead."
    assert desk.ask(*correction, "--yes", by="li", code=2)
    assert desk.ask(*correction, "--text", " ", "--yes", by="li", code=2)
    assert desk.ask("correct", 1, "--kind", "recall", "--text", "有误。", "--yes", by="li", code=2)
    assert desk.ask(*correction, "--article", 3, "--text", "有误。", "--yes", by="li", code=3)
    assert desk.ask("correct", 9, "--kind", "notice", "--text", "有误。", "--yes", by="li", code=3)
    assert desk.ask(*correction, "--text", "有误。", "--yes", by="wang", code=4)["error"]["code"] == "no_right"
    assert "newsletter correct" in desk.ask("draft", 3, "--kind", "correction", by="li", code=2)["error"]["hint"]
    assert desk.ask("editions", by="li")["editions"][0]["edition"] == 1, "nothing was made"


def test_a_correction_has_no_audience_of_its_own(desk: CommandLine) -> None:
    edition = correct(desk, "notice")
    desk.ask("audience", "save", "全体", by="li")
    words = ("draft", "--edition", edition, "--audience", "全体")
    assert desk.ask(*words, by="li", code=2)["error"]["message"].startswith("A correction goes to those who got")


def test_a_correction_given_back_is_edited_and_submitted_again(desk: CommandLine, tmp_path: Path) -> None:
    edition = correct(desk, "correction", "--article", 1)
    desk.ask("return", edition, "--reason", "话没说清楚", by="wang")
    article = desk.ask("status", edition, by="li")
    assert article["stage"] == "returned"
    path = tmp_path / "再写.txt"
    path.write_text("关于板凳会的更正\n“三段河道”应为“两段河道”。\n", encoding="utf-8")
    desk.ask("edit", 4, "--file", path, by="li")
    desk.ask("draft", 4, "--edition", edition, "--submit", by="li")
    send(desk, edition)
    [text] = set(texts(desk, edition))
    assert "的更正" in text.splitlines()[1], "the sentence that names the original is no part of the article"
    assert "两段河道" in text


def test_an_article_retracted_meanwhile_does_not_leave_in_another_edition(desk: CommandLine) -> None:
    other = desk.ask("draft", 1, "--submit", by="li")["edition"]
    desk.ask("approve", other, by="wang")
    desk.ask("sign", other, by="zhao")
    send(desk, correct(desk, "retraction", "--article", 1))
    assert desk.ask("send", other, "--yes", by="zhao", code=4)["error"]["code"] == "retracted_article"

"""A reviewer mends by suggesting: exact words, once; the editor accepts; the reviewer stays no author."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from newsletter.articles.models import Revision, TextFormat
from newsletter.articles.records import Copy, list_revisions
from newsletter.commands.pairs import join_suggestions
from newsletter.editions.manifest import authors_of
from newsletter.editions.models import EditionStage
from newsletter.editions.records import get_edition
from newsletter.journal.chain import read_journal
from newsletter.newsroom import Newsroom
from newsletter.organisation.staff import Staff
from newsletter.workflow.suggestions import (
    StoredSuggestion,
    SuggestionError,
    open_suggestions,
    put_in_place,
    suggested_by,
)
from tests.acceptance.furnished import copy_of, furnish
from tests.command_line import CommandLine
from tests.texts import BODY, an_article_file


@pytest.fixture(scope="module")
def furnished(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles in edition 1, submitted for review; ``板凳会`` stands in both."""
    root = tmp_path_factory.mktemp("returned")
    files = an_article_file(root), an_article_file(root, "河道清淤", body="板凳会上定下的事，村明记得。甲乙甲乙甲。")
    return furnish(founded, root, [("li", ("submit", *files)), ("li", ("draft", 1, 2, "--submit"))])


@pytest.fixture
def newsroom_directory(furnished: Path, tmp_path: Path) -> Path:
    return copy_of(furnished, tmp_path)


def returned(shell: CommandLine, *words: object, code: int = 0) -> Any:
    return shell.ask("return", 1, "--reason", "有错", *words, by="wang", code=code)


def test_suggestions_are_shown_accepted_and_printed(shell: CommandLine) -> None:
    answer = returned(shell, "--suggest", "村明", "村民", "--suggest", "三段河道", "四段河道")
    assert answer["stage"] == "returned"
    wanted = [(2, "body", "村明", "村民"), (1, "body", "三段河道", "四段河道")]
    shown = [(one["article"], one["field"], one["old"], one["new"]) for one in answer["suggestions"]]
    assert shown == wanted
    assert shell.ask("status", 1, by="li")["suggestions"] == answer["suggestions"]
    assert [one["suggestion"] for one in shell.ask("show", 2, by="li")["suggestions"]] == [1]
    assert "Suggestion 1 (wang), article 2, text: [-村明-]{+村民+}" in shell.type("status", 1, by="li").out
    accepted = shell.ask("accept", 1, by="li")
    assert (accepted["stage"], [one["accepted"] for one in accepted["mended"]]) == ("drafted", [True, True])
    assert accepted["digest"] != answer["digest"]
    assert "村民记得" in shell.ask("show", 2, by="li")["body"]
    assert shell.ask("show", 2, by="li")["editions"][0]["revision"] == 2, "the edition prints the mended text"
    assert shell.ask("status", 1, by="li")["suggestions"] == []


def test_the_whole_way_from_a_suggestion_to_the_signature(shell: CommandLine, newsroom: Newsroom) -> None:
    returned(shell, "--suggest", "村明", "村民")
    told = shell.type("accept", 1, by="li").out
    assert "[-村明-]{+村民+}" in told
    assert "newsletter draft --edition 1 --submit" in told
    shell.ask("draft", "--edition", 1, "--submit", by="li")
    with newsroom.reading() as session:
        wang = session.exec(select(Staff).where(Staff.name == "wang")).one()
        assert authors_of(session, get_edition(session, 1)) == {1: ["li"], 2: ["li"]}
        newest = list_revisions(session, [2])[-1]
        assert suggested_by(session, newest.id or 0) == [(wang.id, "村明", "村民")]
        assert suggested_by(session, 1) == []
    assert shell.ask("approve", 1, by="wang")["stage"] == "approved", "the suggester is no author"
    assert shell.ask("sign", 1, by="zhao")["stage"] == "signed"


def test_the_journal_holds_the_digest_and_not_the_words(shell: CommandLine, newsroom: Newsroom) -> None:
    returned(shell, "--suggest", "村明", "村民")
    with newsroom.reading() as session:
        word = read_journal(session, newsroom)[-1]
    assert len(word.details["suggestions"]) == 64
    assert "村" not in str(word.details)


def test_some_are_accepted_and_the_rest_stay_open_until_the_reviewer_speaks_again(shell: CommandLine) -> None:
    returned(shell, "--suggest", "村明", "村民", "--suggest", "三段河道", "四段河道")
    assert [one["suggestion"] for one in shell.ask("accept", 1, "--suggestion", 2, by="li")["mended"]] == [2]
    assert [one["suggestion"] for one in shell.ask("status", 1, by="li")["suggestions"]] == [1]
    assert shell.ask("accept", 1, "--suggestion", 2, by="li", code=3)["error"]["code"] == "unknown_suggestion"
    shell.ask("draft", "--edition", 1, "--submit", by="li")
    shell.ask("approve", 1, by="wang")
    shell.ask("draft", "--edition", 1, "--title", "另题", by="li")
    assert shell.ask("status", 1, by="li")["suggestions"] == []
    assert shell.ask("accept", 1, by="li", code=4)["error"]["code"] == "no_suggestion"


def test_nothing_is_open_in_an_edition_that_was_given_up(shell: CommandLine, newsroom: Newsroom) -> None:
    returned(shell, "--suggest", "村明", "村民")
    with newsroom.reading() as session:
        edition = get_edition(session, 1)
        assert len(open_suggestions(session, edition)) == 1
        edition.stage = EditionStage.CANCELLED
        assert open_suggestions(session, edition) == []


def test_several_mends_of_one_article_make_one_revision(shell: CommandLine) -> None:
    returned(
        shell,
        "--suggest",
        "板凳会开到田头",
        "板凳会开在田头",
        "--suggest",
        "三段",
        "四段",
        "--suggest",
        ",党员",
        "，党员",
    )
    shell.ask("accept", 1, by="li")
    shown = shell.ask("show", 1, "--diff", by="li")
    assert (shown["revision"], shown["title_diff"]) == (2, "板凳会开[-到-]{+在+}田头")
    assert "[-三-]{+四+}段" in shown["diff"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--suggest", "没有的话", "有"), "“没有的话” stands nowhere in edition 1."),
        (("--suggest", "板凳会", "会"), "“板凳会” stands 3 times in edition 1 (articles: 1, 2)."),
        (("--suggest", "甲乙甲", "丙"), "“甲乙甲” stands 2 times in edition 1 (articles: 2)."),
        (("--suggest", "村明", "村明"), "The suggestion for “村明” changes nothing."),
        (("--suggest", " ", "有"), "they are empty"),
        (("--suggest", "河道清淤", " "), "Nothing would be left without “河道清淤”."),
        (("--suggest", "河道清淤", "题" * 201), "The title would have 201 characters; at most 200 fit."),
        (
            ("--suggest", "村明", "村民", "--suggest", "明记", "民记"),
            "“明记” overlaps the suggestion for “村明” in article 2.",
        ),
        (
            ("--suggest", "村明记得", "村民记得", "--suggest", "明记", "民记"),
            "“明记” overlaps the suggestion for “村明记得” in article 2.",
        ),
        (("--suggest", "村明", "村民", "--suggest", "无此", "有此"), "“无此” stands nowhere in edition 1."),
        (("--suggest", "村明", "村民", "--article", 9), "Article 9 does not stand in edition 1."),
        (("--suggest", "村明"), "--suggest takes two texts"),
        (("--suggest",), "--suggest takes two texts"),
        (("--error", "typo", "--article", 2), "1, 1 and 0 were given"),
        (("--quote", "村明"), "0, 0 and 1 were given"),
    ],
)
def test_what_cannot_be_suggested_is_told_and_nothing_is_done(
    shell: CommandLine, words: tuple[object, ...], said: str
) -> None:
    assert said in returned(shell, *words, code=2)["error"]["message"]
    assert shell.ask("status", 1, by="li")["stage"] == "submitted"


def test_an_article_right_after_a_suggestion_says_which(shell: CommandLine) -> None:
    error = returned(shell, "--suggest", "板凳会上", "会上", "--suggest", "板凳会", "会", code=2)["error"]
    assert "Give more of the words around it." in error["hint"]
    answer = returned(shell, "--suggest", "板凳会", "会议", "--article", 2)
    assert [(one["article"], one["field"]) for one in answer["suggestions"]] == [(2, "body")]


def test_an_article_that_several_have_can_be_named(shell: CommandLine) -> None:
    hint = returned(shell, "--suggest", "板凳会", "会", code=2)["error"]["hint"]
    assert "--article ARTICLE" in hint


def test_new_words_are_cleaned_as_every_text_is(shell: CommandLine) -> None:
    returned(shell, "--suggest", "村明", "村\x07民\ue000\t们")
    shell.ask("accept", 1, by="li")
    assert "村民 们记得" in shell.ask("show", 2, by="li")["body"]


def test_a_text_edited_meanwhile_is_not_mended_blindly(shell: CommandLine, newsroom: Newsroom, tmp_path: Path) -> None:
    returned(shell, "--suggest", "村明", "村民", "--suggest", "三段河道", "四段河道")
    other = an_article_file(tmp_path, "河道清淤", body="板凳会上定下的事，村民记得。", name="other.md")
    shell.ask("edit", 2, "--file", other, by="li")
    error = shell.ask("accept", 1, by="li", code=2)["error"]
    assert "Suggestion 1, article 2: “村明” does not stand there once any more." in error["message"]
    assert shell.ask("show", 1, by="li")["revisions"] == 1, "all or nothing"
    assert shell.ask("accept", 1, "--suggestion", 2, by="li")["mended"][0]["article"] == 1
    with newsroom.reading() as session:
        kept = session.exec(select(StoredSuggestion)).all()
        assert [one.accepted_revision_id is None for one in kept] == [True, False]


def test_only_reviewers_suggest_and_only_editors_accept(shell: CommandLine) -> None:
    words = ("return", 1, "--reason", "有错", "--suggest", "村明", "村民")
    for person in ("li", "zhao", "sun"):
        assert shell.ask(*words, by=person, code=4)["error"]["code"] == "no_right"
    returned(shell, "--suggest", "村明", "村民")
    for person in ("wang", "zhao", "sun"):
        assert shell.ask("accept", 1, by=person, code=4)["error"]["code"] == "no_right"


def test_a_fault_is_at_an_article_of_the_edition(shell: CommandLine, tmp_path: Path) -> None:
    shell.ask("submit", an_article_file(tmp_path, "别处的稿"), by="li")
    error = returned(shell, "--error", "typo", "--article", 3, "--quote", "村口", code=3)["error"]
    assert error["code"] == "not_in_edition"


def test_faults_and_suggestions_go_together(shell: CommandLine) -> None:
    suggestion = ("--suggest", "板凳会", "会议", "--article", 2)
    fault = ("--error", "typo", "--article", 2, "--quote", "村明")
    answer = returned(shell, *suggestion, *fault)
    assert answer["faults"] == [{"code": "typo", "article": 2, "quote": "村明"}]
    assert [one["article"] for one in answer["suggestions"]] == [2]


def test_approval_shows_what_changed_since_the_last_word_and_nothing_else(shell: CommandLine, tmp_path: Path) -> None:
    returned(shell)
    mended = an_article_file(tmp_path, body=BODY.replace("三段", "四段"), name="n.md")
    shell.ask("edit", 1, "--file", mended, by="li")
    shell.ask("submit", an_article_file(tmp_path, "新的一篇"), by="li")
    shell.ask("draft", 1, 3, "--edition", 1, "--submit", by="li")
    told = shell.type("approve", 1, by="wang").out
    assert "New since your last word: 3" in told
    assert "Article 1, revision 1 → 2:\n板凳会开到田头\n…\n会后当天就定下了[-三-]{+四+}段河道。\n" in told
    assert "十一月十六日" not in told, "an unchanged paragraph is not shown"
    assert "村明记得" not in told, "nor is an unchanged article"


def test_approval_in_json_has_each_difference(shell: CommandLine, tmp_path: Path) -> None:
    returned(shell)
    shell.ask("edit", 1, "--file", an_article_file(tmp_path, "板凳会开在田头", name="n.md"), by="li")
    shell.ask("draft", 1, "--edition", 1, "--submit", by="li")
    answer = shell.ask("approve", 1, by="wang")
    assert answer["changes"] == {"added": [], "revised": [1], "dropped": []}
    (difference,) = answer["differences"]
    assert (difference["article"], difference["against"], difference["revision"]) == (1, 1, 2)
    assert (difference["title"], difference["body"]) == ("板凳会开[-到-]{+在+}田头", BODY)


def test_a_first_approval_has_nothing_to_compare_with(shell: CommandLine) -> None:
    answer = shell.ask("approve", 1, by="wang")
    assert (answer["changes"], answer["differences"]) == (None, [])


def test_another_order_and_no_change_at_all_are_told(shell: CommandLine) -> None:
    returned(shell)
    shell.ask("draft", "--edition", 1, "--submit", by="li")
    assert "The articles are as they were at your last word." in shell.type("approve", 1, by="wang").out
    shell.ask("draft", "--edition", 1, "--drop", 1, by="li")
    shell.ask("draft", 1, "--edition", 1, "--submit", by="li")
    assert "in another order" in shell.type("approve", 1, by="wang").out


def test_what_was_not_shown_is_not_approved(shell: CommandLine, newsroom: Newsroom) -> None:
    from newsletter.workflow.approval import ChangedSinceError
    from newsletter.workflow.gates import approve_edition, review_edition

    wang = newsroom.acting_as("wang")
    shown = review_edition(wang, 1).digest
    shell.ask("draft", "--edition", 1, "--title", "另题", by="li")
    shell.ask("draft", "--edition", 1, "--submit", by="li")
    with pytest.raises(ChangedSinceError, match="after it was shown to you"):
        approve_edition(wang, 1, digest=shown)
    assert approve_edition(wang, 1)[0].stage == "approved"


@given(st.text("甲乙 \n", max_size=12), st.text("甲乙", min_size=1, max_size=3), st.text("甲丙", max_size=3))
def test_a_mend_changes_one_place_and_nothing_else(body: str, old: str, new: str) -> None:
    copy = Copy(title="题", lead="导语", body=body, format=TextFormat.PLAIN)
    places = [place for place in range(len(body)) if body.startswith(old, place)]
    try:
        mended = put_in_place(copy, "body", old, new)
    except SuggestionError:
        assert len(places) != 1 or not (body[: places[0]] + new + body[places[0] + len(old) :]).strip()
        return
    (place,) = places
    assert (mended.title, mended.lead) == ("题", "导语")
    assert mended.body == body[:place] + new + body[place + len(old) :]


@pytest.mark.parametrize(
    ("typed", "joined"),
    [
        ("1 --suggest 甲 乙 --reason 错", ["1", "--suggest=甲|乙", "--reason", "错"]),
        ("--suggest=甲 乙", ["--suggest=甲|乙"]),
        ("--suggest 甲 乙 --article 3 --article 4", ["--suggest=甲|乙|3", "--article", "4"]),
        ("--suggest 甲 乙 --suggest 丙 丁 --article 3", ["--suggest=甲|乙", "--suggest=丙|丁|3"]),
        ("--suggest 甲", ["--suggest=甲"]),
        ("--suggest 甲 --reason 错", ["--suggest=甲", "--reason", "错"]),
        ("--suggest --reason 错", ["--suggest=", "--reason", "错"]),
        ("--suggest 甲 乙 --article", ["--suggest=甲|乙", "--article"]),
        ("--error a -- --suggest 甲 乙", ["--error", "a", "--", "--suggest", "甲", "乙"]),
    ],
)
def test_a_suggestion_is_two_words_and_maybe_an_article(typed: str, joined: list[str]) -> None:
    assert [word.replace("\x1f", "|") for word in join_suggestions(typed.split())] == joined


def test_revisions_are_the_editors(shell: CommandLine, newsroom: Newsroom) -> None:
    returned(shell, "--suggest", "村明", "村民")
    shell.ask("accept", 1, by="li")
    with newsroom.reading() as session:
        newest: Revision = list_revisions(session, [2])[-1]
        assert session.get_one(Staff, newest.staff_id).name == "li"
        assert newest.contributor_id is None

"""What is approved is what leaves: the manifest changes with anything in it, and pieces only when an input changed."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from sqlmodel import Session, col, select

from newsletter.articles.models import Revision
from newsletter.editions.manifest import build_manifest, digest_of
from newsletter.editions.models import Edition, Item, Piece
from newsletter.editions.rendering import pdf
from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import Paper
from newsletter.organisation.staff import Staff
from tests.acceptance.furnished import copy_of, furnish
from tests.command_line import CommandLine
from tests.texts import BODY, an_article_file


@pytest.fixture(scope="module")
def furnished(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom with two articles in edition 1."""
    root = tmp_path_factory.mktemp("furnished")
    files = an_article_file(root), an_article_file(root, "河道清淤", column="田间党课")
    lines: list[tuple[str, Sequence[object]]] = [
        ("li", ("submit", *files)),
        ("li", ("audience", "save", "流动党员", "--mobile")),
        ("li", ("draft", 1, 2, "--audience", "流动党员")),
    ]
    return furnish(founded, root, lines)


@pytest.fixture
def newsroom_directory(furnished: Path, tmp_path: Path) -> Path:
    return copy_of(furnished, tmp_path)


@pytest.fixture
def desk(shell: CommandLine) -> CommandLine:
    return shell


@pytest.fixture
def session(desk: CommandLine, newsroom: Newsroom) -> Iterator[Session]:
    with newsroom.writing() as opened:
        yield opened


def _the(session: Session, table: Any) -> Any:
    return session.exec(select(table)).first()


def _swap_items(session: Session, _edition: Edition) -> None:
    first, second = session.exec(select(Item).order_by(col(Item.position)))
    first.article_id, second.article_id = 2 * 1000, first.article_id
    session.flush()
    first.article_id = 2
    first.revision_id, second.revision_id = second.revision_id, first.revision_id


CHANGES: dict[str, Callable[[Session, Edition], object]] = {
    "kind": lambda _s, edition: setattr(edition, "kind", "special"),
    "channel": lambda _s, edition: setattr(edition, "channel", "mms"),
    "number": lambda _s, edition: setattr(edition, "number", 2),
    "date": lambda _s, edition: setattr(edition, "date", date(2020, 1, 1)),
    "title": lambda _s, edition: setattr(edition, "title", "另题"),
    "style": lambda _s, edition: setattr(edition, "style", "full"),
    "audience": lambda _s, edition: setattr(edition, "audience_definition", "{}"),
    "audience version": lambda _s, edition: setattr(edition, "audience_version", 9),
    "signature": lambda s, _e: setattr(_the(s, Paper), "signature", "假报"),
    "paper": lambda s, _e: setattr(_the(s, Paper), "code", "other"),
    "imprint": lambda _s, edition: setattr(edition, "imprint", (edition.imprint or "").replace("root", "county")),
    "text": lambda s, _e: setattr(_the(s, Revision), "body", "别的话"),
    "headline": lambda s, _e: setattr(_the(s, Revision), "title", "别题"),
    "revision number": lambda s, _e: setattr(_the(s, Revision), "number", 5),
    "author": lambda s, _e: setattr(_the(s, Revision), "staff_id", 3),
    "author's name": lambda s, _e: setattr(s.get(Staff, 2), "name", "other"),
    "column": lambda s, _e: setattr(_the(s, Item), "column_id", 2),
    "order": _swap_items,
    "a piece": lambda s, _e: setattr(_the(s, Piece), "data", b"other"),
    "a piece less": lambda s, _e: s.delete(_the(s, Piece)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_anything_listed_changes_the_digest(session: Session, newsroom: Newsroom, what: str) -> None:
    edition = session.get_one(Edition, 1)
    before = build_manifest(session, newsroom, edition)
    assert digest_of(before) == edition.digest
    if what == "order":
        from sqlalchemy import text

        session.connection().execute(text("PRAGMA defer_foreign_keys=ON"))
    with session.no_autoflush:
        CHANGES[what](session, edition)
    session.flush()
    assert digest_of(build_manifest(session, newsroom, edition)) != digest_of(before)


def test_the_manifest_lists_what_was_promised(session: Session, newsroom: Newsroom) -> None:
    edition = session.get_one(Edition, 1)
    manifest = json.loads(build_manifest(session, newsroom, edition))
    assert manifest["newsroom"] == newsroom.id
    assert [item["article"] for item in manifest["items"]] == [1, 2]
    assert {len(item["content_hash"]) for item in manifest["items"]} == {64}
    assert manifest["audience"]["name"] == "流动党员"
    pieces = {piece.name: hashlib.sha256(piece.data).hexdigest() for piece in session.exec(select(Piece))}
    assert manifest["pieces"] == pieces
    assert set(pieces) == {"sms", "sms-full", "pdf"}


@pytest.fixture
def renderings(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Grows by one with every PDF that is really rendered."""
    count: list[object] = []
    really = pdf.render_pdf

    def counted(*arguments: Any, **words: Any) -> Any:
        count.append(words)
        return really(*arguments, **words)

    monkeypatch.setattr(pdf, "render_pdf", counted)
    return count


def test_nothing_is_rendered_again_until_something_changes(
    desk: CommandLine, renderings: list[object], tmp_path: Path
) -> None:
    desk.ask("draft", "--edition", 1, by="li")
    desk.ask("draft", 1, 2, "--edition", 1, by="li")
    desk.ask("preview", 1, by="li")
    desk.ask("draft", "--edition", 1, "--submit", by="li")
    desk.ask("approve", 1, by="wang")
    assert renderings == []
    desk.ask("edit", 1, "--file", an_article_file(tmp_path, body=BODY + "\n\n又及。", name="new.md"), by="li")
    desk.ask("draft", "--edition", 1, by="li")
    assert renderings == [], "items stay on their revision until a newer one is taken"
    desk.ask("draft", 1, "--edition", 1, by="li")
    assert len(renderings) == 1


def page_text(path: str) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    pages = [page.get_textpage().get_text_range().replace("\r\n", "") for page in document]
    document.close()
    return pages


def test_the_archive_copy_is_the_proof_and_who_signed(desk: CommandLine) -> None:
    desk.ask("draft", "--edition", 1, "--submit", by="li")
    desk.ask("approve", 1, by="wang")
    before = desk.ask("preview", 1, by="li")
    assert before["archive"] is None
    proof = "".join(page_text(before["pdf"]))
    assert not [name for name in ("编辑:", "审核:", "签发:", "wang", "zhao") if name in proof]
    desk.ask("sign", 1, by="zhao")
    after = desk.ask("preview", 1, by="li")
    assert Path(after["pdf"]).read_bytes() == Path(before["pdf"]).read_bytes()
    pages = page_text(after["archive"])
    assert pages[: len(page_text(before["pdf"]))] == page_text(before["pdf"])
    credits = pages[-1].replace(" ", "").replace("：", ":")
    for name in ("li", "wang", "zhao"):
        assert name in credits
    assert after["digest"] in credits


def test_an_archive_copy_of_an_earlier_sign_off_is_not_shown(desk: CommandLine) -> None:
    desk.ask("draft", "--edition", 1, "--submit", by="li")
    desk.ask("approve", 1, by="wang")
    desk.ask("sign", 1, by="zhao")
    desk.ask("draft", "--edition", 1, "--title", "另题", by="li")
    assert desk.ask("preview", 1, by="li")["archive"] is None


def test_a_forged_digest_is_not_what_is_signed(desk: CommandLine, newsroom: Newsroom) -> None:
    from sqlalchemy import text

    desk.ask("draft", "--edition", 1, "--submit", by="li")
    true = desk.ask("status", 1, by="li")["digest"]
    with newsroom.engine.begin() as connection:
        connection.execute(text("UPDATE edition SET digest = :forged"), {"forged": "f" * 64})
    desk.ask("approve", 1, by="wang")
    assert desk.ask("status", 1, by="li")["statements"][-1]["digest"] == true


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE revision SET body = '别的话'",
        "UPDATE piece SET data = CAST('【如皋手机报】假话' AS BLOB) WHERE name = 'sms'",
        "UPDATE paper SET signature = '假报'",
        "UPDATE edition SET audience_definition = '{}'",
        "UPDATE edition_item SET column_id = 2 WHERE position = 1",
    ],
)
@pytest.mark.parametrize("gate", ["approve", "sign", "send"])
def test_no_gate_lets_a_change_in_the_database_through(
    desk: CommandLine, newsroom: Newsroom, forgery: str, gate: str
) -> None:
    from sqlalchemy import text

    steps = {"submit": ("draft", "--edition", 1, "--submit"), "approve": ("approve", 1), "sign": ("sign", 1)}
    people = {"submit": "li", "approve": "wang", "sign": "zhao", "send": "zhao"}
    for step in list(steps)[: [*steps, "send"].index(gate)]:
        desk.ask(*steps[step], by=people[step])
    with newsroom.engine.begin() as connection:
        connection.execute(text(forgery))
    words = {**steps, "send": ("send", 1, "--yes")}[gate]
    assert desk.ask(*words, by=people[gate], code=4)["error"]["code"] == "changed_since_approval"

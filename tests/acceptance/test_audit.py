"""The auditor's day: is everything as it was signed, who said what, and is this sheet of paper the one."""

import sqlite3
from pathlib import Path

import pytest

from tests.acceptance.furnished import copy_of, furnish
from tests.command_line import CommandLine
from tests.texts import BODY, a_subscriber_file, an_article_file


@pytest.fixture(scope="module")
def furnished(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One edition signed, and another one like it that is not."""
    root, files = tmp_path_factory.mktemp("audited"), tmp_path_factory.mktemp("files")
    lines = [
        ("li", ("subscribers", "import", a_subscriber_file(files))),
        ("li", ("submit", an_article_file(files))),
        ("li", ("draft", 1, "--submit")),
        ("wang", ("approve", 1)),
        ("zhao", ("sign", 1)),
    ]
    return furnish(founded, root, lines)


@pytest.fixture
def desk(
    furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    directory = copy_of(furnished, tmp_path)
    monkeypatch.setenv("NEWSLETTER_KEYS_DIR", str(tmp_path / "keys"))
    return CommandLine(directory, capsys)


def meddle(desk: CommandLine, *statements: str) -> None:
    connection = sqlite3.connect(desk.directory / "newsletter.db")
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_everything_is_whole(desk: CommandLine) -> None:
    found = desk.ask("audit", "verify", by="sun")
    assert found["editions"] == [1]
    assert found["problems"] == []
    assert found["notes"], "the keys of all three lie in one store"
    answer = desk.type("audit", "verify", by="sun")
    assert answer.out.startswith(f"Whole: {found['statements']} statements, 1 signed editions")
    assert "The keys of li, wang, zhao lie in one key store" in answer.err


def test_only_who_may_audit_audits(desk: CommandLine) -> None:
    for words in (("verify",), ("show",), ("export", desk.directory / "x.json"), ("verify", "--digest", "ab" * 32)):
        assert desk.ask("audit", *words, by="chen", code=4)["error"]["code"] == "no_right"


def test_a_towns_administrator_audits_nobody(desk: CommandLine) -> None:
    desk.ask("staff", "add", "qian", "--role", "admin", "--unit", "baipu", "--no-passphrase", by="sun")
    for words in (("verify",), ("show",), ("export", desk.directory / "x.json"), ("verify", "--digest", "ab" * 32)):
        assert desk.ask("audit", *words, by="qian", code=4)["error"]["code"] == "no_right"


def test_the_first_differing_row_is_named(desk: CommandLine) -> None:
    meddle(desk, "UPDATE revision SET body = body || '假话。' WHERE article_id = 1")
    found = desk.ask("audit", "verify", by="sun", code=4)
    assert found["problems"][0]["where"] == "revision 1 of article 1"
    assert found["error"]["message"].startswith("revision 1 of article 1 is not what zhao signed")
    answer = desk.type("audit", "verify", by="sun", code=4)
    assert answer.err.count("Error: ") >= 1
    assert "Traceback" not in answer.err


def test_a_journal_cut_short_is_noticed(desk: CommandLine) -> None:
    head = desk.ask("audit", "verify", by="sun")["head"]
    desk.ask("return", 1, "--reason", "签错了", by="wang")
    meddle(
        desk,
        "DROP TRIGGER statement_refuse_delete",
        "DELETE FROM statement WHERE id = (SELECT max(id) FROM statement)",
        "UPDATE edition SET stage = 'signed'",
    )
    assert desk.ask("send", 1, "--yes", by="zhao", code=4)["error"]["code"] == "journal_truncated"
    assert desk.ask("audit", "verify", by="sun", code=4)["problems"][0]["code"] == "journal_truncated"
    assert desk.ask("audit", "restored", "--yes", by="sun")["verb"] == "restore"
    assert desk.ask("audit", "verify", "--head", head, by="sun")["problems"] == []


def test_a_head_noted_on_paper_must_be_in_the_journal(desk: CommandLine) -> None:
    head = desk.ask("audit", "verify", by="sun")["head"]
    grouped = " ".join(head[place : place + 8] for place in range(0, 64, 8)).upper()
    assert desk.ask("audit", "verify", "--head", grouped, by="sun")["head"] == head
    assert desk.ask("audit", "verify", "--head", "ab" * 32, by="sun", code=4)["problems"][0]["code"] == "journal_broken"
    assert desk.ask("audit", "verify", "--head", "第一句", by="sun", code=2)["error"]["code"] == "bad_input"


def test_the_journal_is_shown(desk: CommandLine) -> None:
    said = desk.ask("audit", "show", "--subject", "edition:1", by="sun")["statements"]
    assert [(word["verb"], word["person"]) for word in said] == [
        ("submit", "li"),
        ("approve", "wang"),
        ("sign", "zhao"),
    ]
    assert "edition:1" in desk.type("audit", "show", "--person", "zhao", by="sun", language="zh-CN").out


def archive(desk: CommandLine, tmp_path: Path) -> Path:
    return Path(desk.ask("preview", 1, "--out", tmp_path / "out", by="li")["archive"])


def test_the_archive_copy_is_recognised(desk: CommandLine, tmp_path: Path) -> None:
    sheet = archive(desk, tmp_path)
    found = desk.ask("audit", "verify", "--sheet", sheet, by="sun")
    assert (found["edition"], found["submitted_by"], found["approved_by"], found["signed_by"]) == (
        1,
        "li",
        "wang",
        "zhao",
    )
    assert desk.ask("audit", "verify", "--digest", found["digest"][:20], by="sun") == found


def test_a_sheet_stays_the_one_whatever_is_renamed_later(desk: CommandLine, tmp_path: Path) -> None:
    sheet = archive(desk, tmp_path)
    desk.ask("send", 1, "--yes", by="zhao")
    desk.ask("papers", "set", "main", "--name", "如皋先锋手机报", "--signature", "如皋先锋", by="sun")
    moved = tmp_path / "units.csv"
    moved.write_text("code,name,kind,parent,region_code\nbanjing,搬经新镇,town,root,320682116\n", encoding="utf-8")
    desk.ask("units", "import", moved, by="sun")
    assert desk.ask("audit", "verify", "--sheet", sheet, by="sun")["edition"] == 1
    assert desk.ask("audit", "verify", by="sun")["problems"] == []


def test_an_edition_whose_unit_was_moved_does_not_leave(desk: CommandLine, tmp_path: Path) -> None:
    desk.ask("draft", "--edition", 1, "--drop", 1, by="li", code=None)
    desk.ask("submit", an_article_file(tmp_path, "镇里的事"), by="li")
    desk.ask("draft", 2, "--unit", "banjing", "--submit", by="li")
    desk.ask("approve", 2, by="wang")
    desk.ask("sign", 2, by="zhao")
    moved = tmp_path / "units.csv"
    moved.write_text("code,name,kind,parent,region_code\nbanjing,搬经镇,town,root,320682116\n", encoding="utf-8")
    desk.ask("units", "import", moved, by="sun")
    error = desk.ask("send", 2, "--yes", by="zhao", code=4)["error"]
    assert "was moved in the tree" in error["message"]
    assert desk.ask("audit", "verify", by="sun")["problems"] == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE edition SET stage = 'drafted'; UPDATE piece SET data = x'00'",
        "UPDATE edition SET stage = 'cancelled'; UPDATE revision SET body = '假话'",
        "UPDATE edition SET stage = 'submitted'",
        "UPDATE edition SET stage = 'approved'",
        "UPDATE edition SET audience_definition = x'fffe'",
        "UPDATE edition SET created_at = 9223372036854775807",
        "UPDATE revision SET created_at = 9223372036854775807",
        "UPDATE staff SET retired_at = 'x'",
        "UPDATE staff_grant SET valid_until = 'x'",
        "UPDATE staff_grant SET granted_at = 'x'",
    ],
)
def test_a_stage_or_a_value_nobody_gave_it_is_told(desk: CommandLine, change: str) -> None:
    meddle(desk, *change.split(";"))
    assert desk.ask("audit", "verify", by="sun", code=4)["error"]["message"]


@pytest.mark.parametrize("change", ["stage = 'x'", "created_at = 'x'"])
def test_nothing_leaves_that_could_not_be_finished(desk: CommandLine, change: str) -> None:
    meddle(desk, f"UPDATE article SET {change}")
    assert desk.ask("send", 1, "--yes", by="zhao", code=4)["error"]["code"] == "records_unreadable"


def test_a_sheet_with_other_pages_is_not_the_one(desk: CommandLine, tmp_path: Path) -> None:
    """The sign-off page of edition 1 behind the pages of another edition."""
    import pypdfium2

    sheet = archive(desk, tmp_path)
    desk.ask("submit", an_article_file(tmp_path, "另一篇", body=BODY + "\n\n添一句。"), by="li")
    desk.ask("draft", 2, by="li")
    other = Path(desk.ask("preview", 2, "--out", tmp_path / "out", by="li")["pdf"])
    forged = tmp_path / "forged.pdf"
    with pypdfium2.PdfDocument(other) as pages, pypdfium2.PdfDocument(sheet) as signed:
        pages.import_pages(signed, [len(signed) - 1])
        pages.save(forged)
    error = desk.ask("audit", "verify", "--sheet", forged, by="sun", code=4)["error"]
    assert error["code"] == "not_the_sheet"
    assert "bears the digest of edition 1" in error["message"]


def test_a_sheet_of_nothing_signed_is_refused(desk: CommandLine, tmp_path: Path) -> None:
    proof = Path(desk.ask("preview", 1, "--out", tmp_path / "out", by="li")["pdf"])
    assert desk.ask("audit", "verify", "--sheet", proof, by="sun", code=4)["error"]["code"] == "not_the_sheet"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 and nothing more", "不是PDF".encode()])
def test_what_is_no_pdf_is_bad_input(desk: CommandLine, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "sheet.pdf").write_bytes(content)
    assert (
        desk.ask("audit", "verify", "--sheet", tmp_path / "sheet.pdf", by="sun", code=2)["error"]["code"] == "not_a_pdf"
    )


def test_a_word_taken_back_is_told(desk: CommandLine, tmp_path: Path) -> None:
    digest = desk.ask("status", 1, by="li")["digest"]
    desk.ask("return", 1, "--reason", "再改", by="wang")
    error = desk.ask("audit", "verify", "--digest", digest, by="sun", code=4)["error"]
    assert "taken back later" in error["message"]
    assert desk.ask("audit", "verify", "--digest", "12" * 32, by="sun", code=4)["error"]["code"] == "not_the_sheet"

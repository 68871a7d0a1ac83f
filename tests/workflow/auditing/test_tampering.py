"""A signed edition with each column of each table under it altered, one at a time, by somebody with the database only.

Every alteration is refused by ``send`` or reported by ``audit verify``, and neither ever crashes. What is left out of
this is left out by design, and says why: a new table or column must be put on one side or the other.
"""

import contextlib
import io
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa

from newsletter.cli import main
from newsletter.tables import metadata
from newsletter.workflow.rule_book.reading import default_text
from tests.acceptance.furnished import furnish
from tests.texts import a_subscriber_file, an_article_file

#: table -> which of its rows the signed edition rests on.
COVERED: Final = {
    "statement": "id = (SELECT max(id) FROM statement)",
    "staff": "name = 'li'",
    "staff_grant": "staff_id = (SELECT id FROM staff WHERE name = 'wang')",
    "unit": "code = 'banjing'",
    "paper": "code = 'main'",
    "edition": "id = 1",
    "edition_item": "edition_id = 1 AND position = 1",
    "revision": "article_id = 1 AND number = 3",
    "picture": "1",
    "piece": "edition_id = 1 AND name = 'pdf'",
    "audience": "name = '搬经在外'",
    "rule_book": "version = 2",
    "suggestion": "id = 1",
}
_BYTES: Final = "what is approved are the printed bytes, whose hashes are in the manifest; this is how they came to be"
_ROUTE: Final = "says where an article comes from or goes to, not what is printed"
_DESK: Final = "what is planned and asked for; nothing of it is printed"
_MERIT: Final = "errors and merit, append-only by the database itself, and recomputed from the events they rest on"
#: table -> why an alteration of it changes nothing that anybody signed.
TABLES_LEFT_OUT: Final = {
    "article": _ROUTE,
    "contributor": _ROUTE,
    "paper_column": _BYTES,
    "audience_version": "the edition carries the definition it was composed with; a later one is another version",
    "subscriber": "who is a member changes daily; the definition of who gets the edition is what is signed",
    "optout_event": "members' own word, append-only; read again at each claim",
    "optout_note": "what somebody who left said besides",
    "consent_wording": "what members are asked to agree to; not what is printed",
    "consent_event": "members' own word, append-only; read again at each claim",
    "consent_proof": "what shows a consent; read by people only",
    "member_event": "what happened to members, append-only; the register is its projection",
    "census": "what a unit's list held; nothing is judged by it",
    "unusable_number": "what the gateway said of a number; read again at each claim",
    "link_token": "whose link is whose; made while sending, after the words",
    "suppression": "the projection of the opt-outs",
    "dispatch": "the ledger of a sending, made after the words",
    "batch": "the ledger of a sending, made after the words",
    "delivery": "the ledger of a sending, made after the words",
    "gateway_cursor": "how far receipts and replies were read",
    "reply": "what readers wrote back",
    "optout_confirmation": "what those who left by reply were told; made after the words",
    "article_byline": _ROUTE,
    "article_lock": "who has an article open at the moment",
    "article_share": "who may compose with whose copy; read before anything is signed",
    "brief": _DESK,
    "brief_answer": _DESK,
    "brief_unit": _DESK,
    "diary_entry": _DESK,
    "quota": _DESK,
    "notice": "the ledger of what contributors were told",
    "error_record": _MERIT,
    "penalty_appeal": _MERIT,
    "penalty_decision": _MERIT,
    "penalty_entry": _MERIT,
    "penalty_ruling": _MERIT,
    "point_entry": _MERIT,
    "point_event": _MERIT,
}
#: (table, column) -> why.
COLUMNS_LEFT_OUT: Final = {
    ("staff_grant", "id"): "a row's own number; nothing refers to it",
    ("unit", "name"): _BYTES,
    ("unit", "kind"): "says how a unit is called and which editions it may have; read before anything is signed",
    ("unit", "known_members"): "how many members there ought to be; counted, never judged by",
    ("unit", "known_members_at"): "since when that is said",
    ("unit", "region_code"): "who is a member of where; as the register",
    ("paper", "name"): _BYTES,
    ("paper", "audience_id"): "the default for the next edition; this one carries its own definition",
    ("paper", "unit_id"): "whose default edition it is; roles are judged for the edition's own unit, which is signed",
    ("edition", "staff_id"): "who began it; who submitted it is in the journal",
    ("edition", "created_at"): "when it was begun; when it was submitted is in the journal",
    ("revision", "contributor_id"): _ROUTE,
    ("revision", "created_at"): "when it was saved; nothing is judged by it",
    ("picture", "media_type"): _BYTES,
    ("piece", "media_type"): "how the file is announced; its bytes are signed",
    ("piece", "input_hash"): "whether it must be rendered again; a wrong one costs a rendering",
    ("piece", "findings"): "what stood against submitting it; read before anything is signed",
    ("audience", "version"): "which version is newest; the edition names the one it was composed with",
    ("suggestion", "id"): "a row's own number; nothing refers to it",
    ("suggestion", "accepted_revision_id"): "which revision took it up: the revision itself is signed",
    ("suggestion", "accepted_by"): "who took it up: the author of that revision, who is signed",
    ("audience", "id"): "a row's own number; the edition names the audience by it, and then by name",
}


@dataclass(frozen=True)
class Alteration:
    """One column of one row, and the SQL expression it is set to."""

    table: str
    column: str
    value: str
    kind: str

    def statement(self) -> str:
        return f'UPDATE "{self.table}" SET "{self.column}" = {self.value} WHERE {COVERED[self.table]}'


def alterations() -> Iterator[Alteration]:
    for name in COVERED:
        for column in metadata.tables[name].columns:
            if (name, column.name) in COLUMNS_LEFT_OUT:
                continue
            for kind, value in _values(column):
                yield Alteration(name, column.name, value, kind)


def _values(column: "sa.Column[Any]") -> Iterator[tuple[str, str]]:
    """Something that no program of ours writes, and something that it might."""
    quoted = f'"{column.name}"'
    yield "nonsense", f"CASE WHEN typeof({quoted}) = 'blob' THEN x'00' ELSE '☠' END"
    if isinstance(column.type, sa.Integer):
        yield "another number", f"coalesce({quoted}, 0) + 1"
    elif isinstance(column.type, sa.LargeBinary):
        yield "more bytes", f"CAST({quoted} || x'0A' AS BLOB)"
    elif isinstance(column.type, sa.Date):
        yield "another day", "'2020-01-01'"
    elif isinstance(column.type, sa.String):
        yield "more text", f"coalesce({quoted}, '') || '改'"
    else:
        yield "another moment", f"coalesce({quoted}, 0) + 86400000"
    table = f'"{column.table.name}"'
    other = f"SELECT {quoted} FROM {table} AS o WHERE o.{quoted} IS NOT {table}.{quoted}"
    yield "another row's", f"coalesce(({other} LIMIT 1), '☠')"


@pytest.fixture(scope="module")
def signed(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A town's edition with a picture, an edited text and a saved audience, signed and ready to go."""
    root = tmp_path_factory.mktemp("signed")
    files = tmp_path_factory.mktemp("files")
    from PIL import Image

    Image.new("RGB", (60, 40), "#446688").save(files / "田.png")
    text = an_article_file(files)
    pictured = text.read_text(encoding="utf-8").replace("\ncontributor:", "\npictures: [田.png]\ncontributor:", 1)
    text.write_text(pictured, encoding="utf-8")
    edited = files / "edited.md"
    edited.write_text(pictured.replace("三段河道", "三段河道，下周开工"), encoding="utf-8")
    rules = files / "规则.toml"
    rules.write_text(default_text().replace("limit = 3", "limit = 2"), encoding="utf-8")
    lines = [
        ("li", ("subscribers", "import", a_subscriber_file(files))),
        ("li", ("audience", "save", "搬经在外", "--unit", "banjing")),
        ("li", ("audience", "save", "全县", "--unit", "root")),
        ("li", ("submit", text)),
        ("li", ("submit", an_article_file(files, "另一篇"))),
        ("li", ("edit", 1, "--file", edited)),
        ("sun", ("penalties", "rules", "--adopt", rules)),
        ("li", ("draft", 1, 2, "--unit", "banjing", "--audience", "搬经在外", "--title", "冬修", "--submit")),
        ("wang", ("return", 1, "--reason", "字句", "--suggest", "村口晒场上", "村口的晒场上", "--article", 1)),
        ("li", ("accept", 1)),
        ("li", ("draft", "--edition", 1, "--submit")),
        ("wang", ("approve", 1)),
        ("zhao", ("sign", 1)),
    ]
    return furnish(founded, root, lines)


def type_line(directory: Path, person: str, *words: object) -> int:
    """Type a command; its exit code, whatever it says."""
    line = ["--newsroom", str(directory), "--as", person, *map(str, words), "--json"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return main(line)


def meddle(database: Path, statement: str) -> int:
    """Alter the database behind the program's back, its triggers and foreign keys included; rows changed."""
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        try:
            changed = connection.execute(statement).rowcount
        except sqlite3.IntegrityError:
            return 0
    return changed


@pytest.fixture(scope="module")
def desk(signed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One copy that every alteration works on; the database is put back before each."""
    root = tmp_path_factory.mktemp("altered")
    for name in ("newsroom", "keys"):
        shutil.copytree(signed / name, root / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEWSLETTER_KEYS_DIR", str(root / "keys"))
        yield root / "newsroom"


def put_back(signed: Path, desk: Path) -> Path:
    for path in desk.iterdir():
        if path.name.startswith(("newsletter.db", "sandbox.db")):
            path.unlink()
    shutil.copy(signed / "newsroom" / "newsletter.db", desk / "newsletter.db")
    shutil.copytree(signed / "keys", desk.parent / "keys", dirs_exist_ok=True)
    return desk / "newsletter.db"


@pytest.fixture(autouse=True)
def keys_of_the_desk(desk: Path, monkeypatch: pytest.MonkeyPatch, own_environment: None) -> None:
    monkeypatch.setenv("NEWSLETTER_KEYS_DIR", str(desk.parent / "keys"))


def test_the_untouched_copy_passes_both(signed: Path, desk: Path) -> None:
    put_back(signed, desk)
    assert type_line(desk, "sun", "audit", "verify") == 0
    assert type_line(desk, "zhao", "send", 1, "--yes") == 0
    assert type_line(desk, "sun", "audit", "verify") == 0


@pytest.mark.slow
@pytest.mark.parametrize("table", COVERED)
def test_every_altered_column_is_refused_or_reported(signed: Path, desk: Path, table: str) -> None:
    passed, tried = [], 0
    for alteration in alterations():
        if alteration.table != table:
            continue
        database = put_back(signed, desk)
        if not meddle(database, alteration.statement()):
            continue
        tried += 1
        reported = type_line(desk, "sun", "audit", "verify")
        sent = type_line(desk, "zhao", "send", 1, "--yes")
        if 1 in (reported, sent) or 4 not in (reported, sent):
            passed.append(f"{alteration.column} ({alteration.kind}): audit {reported}, send {sent}")
    assert tried > 0
    assert not passed, "\n".join(passed)


@pytest.mark.parametrize("table", COVERED)
def test_a_row_that_is_gone_is_refused_or_reported(signed: Path, desk: Path, table: str) -> None:
    database = put_back(signed, desk)
    assert meddle(database, f'DELETE FROM "{table}" WHERE {COVERED[table]}') > 0
    codes = type_line(desk, "sun", "audit", "verify"), type_line(desk, "zhao", "send", 1, "--yes")
    assert 4 in codes, codes
    assert 1 not in codes, codes


def test_every_table_is_on_one_side_or_the_other() -> None:
    named = {*COVERED, *TABLES_LEFT_OUT}
    assert named == set(metadata.tables)
    assert not COVERED.keys() & TABLES_LEFT_OUT.keys()


def test_what_is_left_out_exists() -> None:
    for table, column in COLUMNS_LEFT_OUT:
        assert table in COVERED
        assert column in metadata.tables[table].columns

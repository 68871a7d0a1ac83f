"""Contributors, columns and papers: whom and what a name means."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from newsletter.newsroom import Newsroom
from newsletter.organisation.columns import (
    ColumnExistsError,
    UnknownColumnError,
    add_column,
    get_column,
    list_columns,
)
from newsletter.organisation.contributors import (
    AmbiguousContributorError,
    ContributorExistsError,
    DeskNameError,
    UnknownContributorError,
    add_contributor,
    get_contributor,
)
from newsletter.organisation.desks import desk_of
from newsletter.organisation.papers import PaperExistsError, UnknownPaperError, add_paper, get_paper
from newsletter.organisation.units import get_unit
from tests.command_line import CommandLine
from tests.texts import an_article_file


@pytest.fixture
def session(newsroom: Newsroom) -> Iterator[Session]:
    with newsroom.writing() as opened:
        yield opened


def test_a_contributor_is_found_by_name_or_id(session: Session) -> None:
    found = get_contributor(session, "陆小满")
    assert get_contributor(session, str(found.id)) == found


@pytest.mark.parametrize("name", ["编辑部", " 编辑部　"])
def test_the_desks_own_name_is_no_contributors(session: Session, name: str) -> None:
    with pytest.raises(DeskNameError, match="编辑部 is the desk's own name"):
        add_contributor(session, name=name, unit="banjing")
    add_contributor(session, name="搬经镇编辑部", unit="banjing")


def test_the_desk_itself_is_made_by_that_name(session: Session) -> None:
    assert desk_of(session, get_unit(session, "banjing").id or 0).name == "编辑部"


@pytest.mark.parametrize("who", ["无名", "99", "", "1.0", "１", "9" * 30, "-1"])
def test_nobody_is_found_by_what_is_neither(session: Session, who: str) -> None:
    with pytest.raises(UnknownContributorError):
        get_contributor(session, who)


def test_a_name_of_several_is_refused_with_their_ids(shell: CommandLine, tmp_path: Path) -> None:
    other = shell.ask("contributors", "add", "陆小满", "--unit", "baipu", by="sun")["contributor"]
    file = an_article_file(tmp_path)
    error = shell.ask("submit", file, by="li", code=4)["error"]
    assert error["code"] == "ambiguous_contributor"
    assert f"2 contributors are named 陆小满: 1, {other}." in error["message"]
    shell.ask("submit", file, "--contributor", other, by="li")
    assert shell.ask("articles", by="li")["articles"][0]["unit"] == "baipu"


def test_a_name_is_once_in_a_unit(session: Session) -> None:
    with pytest.raises(ContributorExistsError, match="搬经镇"):
        add_contributor(session, name="陆小满", unit="banjing")
    add_contributor(session, name="陆小满", unit="baipu")
    with pytest.raises(AmbiguousContributorError):
        get_contributor(session, "陆小满")


def test_columns_stand_in_the_order_they_were_added(session: Session) -> None:
    for code in ("z", "a", "m"):
        add_column(session, code=code, name=f"栏{code}")
    columns = list_columns(session)
    assert [column.code for column in columns] == ["yaowen", "tianjian", "z", "a", "m"]
    assert [column.position for column in columns] == [1, 2, 3, 4, 5]


def test_a_column_is_found_by_code_or_name_and_neither_is_given_twice(session: Session) -> None:
    assert get_column(session, "要闻") == get_column(session, "yaowen")
    for code, name in (("yaowen", "别的"), ("other", "要闻")):
        with pytest.raises(ColumnExistsError):
            add_column(session, code=code, name=name)
    with pytest.raises(UnknownColumnError, match="要 闻"):
        get_column(session, "要 闻")


def test_a_column_hangs_under_a_column_that_is_there(session: Session) -> None:
    under = add_column(session, code="under", name="子栏", parent="yaowen")
    assert under.parent_id == get_column(session, "yaowen").id
    with pytest.raises(UnknownColumnError):
        add_column(session, code="lost", name="无根", parent="nowhere")


def test_a_papers_code_is_its_own(session: Session) -> None:
    add_paper(session, code="banjing", name="搬经手机报", unit="banjing", signature="搬经手机报")
    with pytest.raises(PaperExistsError, match="banjing"):
        add_paper(session, code="banjing", name="又一", unit="banjing", signature="搬经手机报")
    with pytest.raises(UnknownPaperError, match="other"):
        get_paper(session, "other")

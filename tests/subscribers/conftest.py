"""A county with a village and branches of the same name, and files of subscribers as offices send them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from newsletter.newsroom import Newsroom
from newsletter.organisation.units import UnitKind, add_unit

HEADER = "phone,name,unit,region_code,profession,standing,mobile,retired"

MakeFile = Callable[..., Path]


@pytest.fixture
def county(newsroom: Newsroom) -> Newsroom:
    """The common newsroom and a few units more, with the editor ``li`` at the desk."""
    with newsroom.writing() as session:
        add_unit(
            session, code="jiali", name="加力村", kind=UnitKind.VILLAGE, parent="banjing", region_code="320682116205"
        )
        for town in ("banjing", "baipu"):
            add_unit(session, code=f"{town}-1", name="第一支部", kind=UnitKind.BRANCH, parent=town)
        add_unit(session, code="office", name="办公室", kind=UnitKind.DEPARTMENT)
        session.commit()
    return newsroom.acting_as("li")


@pytest.fixture
def make_file(tmp_path: Path) -> MakeFile:
    """Writes lines, the header first, to a file in the encoding asked for."""

    def make(*lines: str, header: str = HEADER, encoding: str = "utf-8", name: str = "members.csv") -> Path:
        path = tmp_path / name
        path.write_bytes("".join(line + "\n" for line in [header, *lines]).encode(encoding))
        return path

    return make


def member(number: int, *, name: str = "张三", unit: str = "banjing", rest: Sequence[str] = ("",) * 5) -> str:
    """A row under ``HEADER``; ``number`` counts from 0."""
    return ",".join((str(13_900_000_000 + number), name, unit, *rest))

"""A small county to check copy against: who holds which post, which places there are, what the house will not print."""

from collections.abc import Callable
from datetime import date
from typing import Final

from newsletter.articles.checks.findings import Finding
from newsletter.articles.reference.codes import ErrorCode, Severity
from newsletter.articles.reference.gazetteer import Entry
from newsletter.articles.reference.loading import CheckContext
from newsletter.articles.reference.places import Places, collect_places
from newsletter.articles.reference.roster import Roster, Tenure
from newsletter.articles.reference.terms import Term, Terms
from newsletter.organisation.units import Unit, UnitKind

DAY: Final = date(2026, 11, 21)
_CHANGE: Final = date(2026, 7, 1)
_BEFORE: Final = date(2026, 6, 30)


def _tenure(name: str, post: str, rank: int, unit: str = "如皋市", *, until: date | None = None) -> Tenure:
    return Tenure(name, post, unit, rank, None, until)


def _since(name: str, post: str, rank: int, unit: str = "如皋市") -> Tenure:
    return Tenure(name, post, unit, rank, _CHANGE, None)


ROSTER: Final = Roster(
    (
        _tenure("陶怀远", "市委书记", 1),
        _tenure("贺景明", "市长", 2, until=_BEFORE),
        _since("柏砚秋", "市长", 2),
        _since("柏砚秋", "市委副书记", 2),
        _tenure("柏砚秋", "市委副书记", 3, until=_BEFORE),
        _tenure("聂志诚", "市人大常委会主任", 4),
        _tenure("苗文涛", "市委常委", 5),
        _tenure("苗文涛", "常务副市长", 5),
        _tenure("樊若兰", "市委常委", 6),
        _tenure("樊若兰", "部长", 1, "市委组织部"),
        _tenure("邵继平", "副市长", 7),
        _tenure("邵继平", "局长", 1, "市公安局"),
        _tenure("高峰", "副市长", 8),
        _tenure("裴海峰", "党委书记", 1, "白蒲镇"),
        _since("洪小楠", "镇长", 2, "白蒲镇"),
        _tenure("耿培根", "镇长", 2, "白蒲镇", until=_BEFORE),
        _tenure("尹浩然", "镇长", 2, "搬经镇"),
        _tenure("耿培根", "局长", 1, "市水利局"),
    )
)
_UNITS: Final = (
    ("如皋市", UnitKind.COUNTY, 0),
    ("白蒲镇", UnitKind.TOWN, 1),
    ("搬经镇", UnitKind.TOWN, 1),
    ("如城街道", UnitKind.STREET, 1),
    ("勇丰村", UnitKind.VILLAGE, 2),
    ("康庄村", UnitKind.VILLAGE, 2),
    ("蒲西社区", UnitKind.COMMUNITY, 2),
    ("加力社区", UnitKind.COMMUNITY, 3),
    ("草张庄村", UnitKind.VILLAGE, 3),
    ("市委组织部", UnitKind.DEPARTMENT, 1),
    ("市公安局", UnitKind.DEPARTMENT, 1),
    ("市水利局", UnitKind.DEPARTMENT, 1),
    ("市统计局", UnitKind.DEPARTMENT, 1),
    ("市农业农村局", UnitKind.DEPARTMENT, 1),
    ("第一党支部", UnitKind.BRANCH, 2),
    ("白蒲镇驻上海流动党支部", UnitKind.BRANCH, 2),
    ("市文化广电和旅游局", UnitKind.DEPARTMENT, 1),
)
PLACES: Final[Places] = collect_places(
    [
        Unit(id=number, code=name, name=name, kind=kind, parent_id=parent or None)
        for number, (name, kind, parent) in enumerate(_UNITS, start=1)
    ],
    [
        Entry("如泰运河", "如皋市"),
        Entry("水绘园", "如城街道"),
        Entry("解放后街", "如城街道"),
        Entry("蒲塘河", "白蒲镇"),
    ],
)
TERMS: Final = Terms(
    (
        Term("解放后", "新中国成立后", ErrorCode.ORIENTATION, Severity.BLOCKING, ""),
        Term("村长", "村委会主任", ErrorCode.LEADER, Severity.BLOCKING, ""),
        Term("部队番号", "", ErrorCode.SECRECY, Severity.BLOCKING, "不得见报"),
        Term("农民工", "进城农民工", ErrorCode.STYLE, Severity.WARNING, ""),
    )
)
CONTEXT: Final = CheckContext(DAY, ROSTER, PLACES, TERMS)


def quotes(check: Callable[[str, str, CheckContext], list[Finding]], text: str, day: date = DAY) -> list[str]:
    """What one check finds in a text on a day, by the words it points at."""
    return [finding.quote for finding in check("body", text, CheckContext(day, ROSTER, PLACES, TERMS))]

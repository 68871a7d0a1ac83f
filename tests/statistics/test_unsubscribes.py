"""The example is counted by hand: two editions planned on both sides of a Shanghai midnight that ends a month."""

from typing import Any

import pytest
from sqlalchemy import event

from newsletter.delivery.models import DeliveryState
from newsletter.organisation.staff import Grant, NoRightError
from newsletter.statistics.dimensions import Dimension
from newsletter.statistics.unsubscribes import TooFewPeopleError
from tests.statistics.ledgers import BAIPU, BAIPU_ID, BANJING, BRANCH_ID, NOON, Desk, counts, utc

AT_HOME: dict[str, Any] = {"region_code": BAIPU, "unit_id": BAIPU_ID}
NOWHERE: dict[str, Any] = {"region_code": "", "profession": "", "standing": ""}


def fill(desk: Desk) -> None:
    """Eight people: 1 to 4 in Banjing, 5 to 7 in Baipu, 8 nowhere known; 1 and 5 are on the move.

    Edition 1 has two articles in 要闻 and one in 党课; edition 2 one in no column.
    """
    desk.plan(1, utc(2026, 10, 31, 15, 59))
    desk.place(1, "yaowen", "dangke", "yaowen")
    desk.deliver(1, 1, mobile=True, profession="worker")
    desk.deliver(1, 2, retired=True)
    desk.deliver(1, 3, DeliveryState.FAILED)
    desk.deliver(1, 4, DeliveryState.SUPPRESSED)
    desk.deliver(1, 5, mobile=True, **AT_HOME)
    desk.deliver(1, 6, **AT_HOME)
    desk.deliver(1, 7, **AT_HOME)
    desk.deliver(1, 8, **NOWHERE)
    desk.plan(2, utc(2026, 10, 31, 16), paper=2, kind="town")
    desk.place(2, None)
    desk.deliver(2, 1, mobile=True, profession="worker")
    desk.deliver(2, 2, DeliveryState.UNDELIVERED, retired=True)
    desk.deliver(2, 3)
    desk.leave(1, 2, utc(2026, 11, 2), reason="too-many", mobile=True, profession="worker")
    desk.leave(5, 1, utc(2026, 11, 30, 15, 59), reason="too-many", mobile=True, **AT_HOME)
    desk.leave(6, 1, utc(2026, 11, 30, 16), **AT_HOME)
    desk.leave(8, None, utc(2026, 11, 3), **NOWHERE)
    desk.leave(2, 1, utc(2026, 11, 4), is_effective=False)
    desk.leave(3, 1, utc(2026, 11, 5), kind="in")


EXPECTED = {
    (): {},
    ("region",): {("",): (1, 1, 0, 0.0), (BAIPU,): (3, 3, 2, 0.666667), (BANJING,): (7, 4, 1, 0.25)},
    ("unit",): {("baipu",): (3, 3, 2, 0.666667), ("bj-1",): (8, 5, 1, 0.2)},
    ("profession",): {("",): (1, 1, 0, 0.0), ("farmer",): (8, 5, 2, 0.4), ("worker",): (2, 2, 1, 0.5)},
    ("standing",): {("",): (1, 1, 0, 0.0), ("full",): (10, 7, 3, 0.428571)},
    ("mobile",): {("no",): (8, 5, 1, 0.2), ("yes",): (3, 3, 2, 0.666667)},
    ("retired",): {("no",): (9, 7, 3, 0.428571), ("yes",): (2, 1, 0, 0.0)},
    ("edition",): {(1,): (8, 6, 2, 0.333333), (2,): (3, 2, 1, 0.5)},
    ("paper",): {("bj",): (3, 2, 1, 0.5), ("main",): (8, 6, 2, 0.333333)},
    ("kind",): {("main",): (8, 6, 2, 0.333333), ("town",): (3, 2, 1, 0.5)},
    ("reason",): {("none",): (11, 8, 1, 0.125), ("too-many",): (11, 8, 2, 0.25)},
    ("column",): {("",): (3, 2, 1, 0.5), ("dangke",): (8, 6, 2, 0.333333), ("yaowen",): (8, 6, 2, 0.333333)},
    ("column", "mobile"): {
        ("", "no"): (2, 1, 0, 0.0),
        ("", "yes"): (1, 1, 1, 1.0),
        ("dangke", "no"): (6, 4, 1, 0.25),
        ("dangke", "yes"): (2, 2, 1, 0.5),
        ("yaowen", "no"): (6, 4, 1, 0.25),
        ("yaowen", "yes"): (2, 2, 1, 0.5),
    },
    ("reason", "column"): {
        ("none", "dangke"): (8, 6, 1, 0.166667),
        ("none", "yaowen"): (8, 6, 1, 0.166667),
        ("too-many", ""): (3, 2, 1, 0.5),
        ("too-many", "dangke"): (8, 6, 1, 0.166667),
        ("too-many", "yaowen"): (8, 6, 1, 0.166667),
    },
    ("month",): {("2026-10",): (8, 6, 2, 0.333333), ("2026-11",): (3, 2, 1, 0.5)},
    ("mobile", "region"): {
        ("no", ""): (1, 1, 0, 0.0),
        ("no", BAIPU): (2, 2, 1, 0.5),
        ("no", BANJING): (5, 2, 0, 0.0),
        ("yes", BAIPU): (1, 1, 1, 1.0),
        ("yes", BANJING): (2, 2, 1, 0.5),
    },
    ("reason", "region"): {
        ("none", BAIPU): (3, 3, 1, 0.333333),
        ("too-many", BAIPU): (3, 3, 1, 0.333333),
        ("too-many", BANJING): (7, 4, 1, 0.25),
    },
    ("edition", "month", "reason"): {
        (1, "2026-10", "none"): (8, 6, 1, 0.166667),
        (1, "2026-10", "too-many"): (8, 6, 1, 0.166667),
        (2, "2026-11", "too-many"): (3, 2, 1, 0.5),
    },
}


def test_hand_counted_example_on_either_database(any_desk: Desk) -> None:
    fill(any_desk)
    for by, expected in EXPECTED.items():
        report = any_desk.count(*(Dimension(name) for name in by))
        assert counts(report) == expected, by
        assert list(counts(report)) == list(expected), f"order of {by}"
        total = (report.total.audience, report.total.delivered, report.total.unsubscribed, report.total.rate)
        assert (*total, report.unattributed, report.elsewhere) == (11, 8, 3, 0.375, 1, 0), by


def test_counting_again_gives_the_same(any_desk: Desk) -> None:
    fill(any_desk)
    for by in (Dimension.REGION, Dimension.MONTH, Dimension.REASON):
        assert any_desk.count(by).as_document() == any_desk.hiding(1).count(by).as_document()


def test_labels_tell_what_codes_mean(desk: Desk) -> None:
    fill(desk)
    report = desk.count(Dimension.REGION, Dimension.MOBILE, Dimension.STANDING, Dimension.EDITION, Dimension.UNIT)
    labels = [tuple(label for _code, label in row.names.values()) for row in report.rows]
    assert ("搬经镇", "yes", "full member", "搬经手机报, town edition no. 2, 2026-11-05", "加力村支部") in labels
    assert ("not known", "no", "not known", "如皋手机报, main edition no. 1, 2026-11-05", "加力村支部") in labels


def test_a_place_nobody_named_is_its_own_label(desk: Desk) -> None:
    desk.plan(1)
    desk.deliver(1, 1, region_code="320682999001")
    assert desk.count(Dimension.REGION).rows[0].names[Dimension.REGION] == ("320682999", "320682999")


def test_document_has_codes_labels_counts_and_total(desk: Desk) -> None:
    fill(desk)
    document = desk.count(Dimension.MOBILE).as_document()
    assert document["rows"][1] == {
        "mobile": "yes",
        "mobile_label": "yes",
        "audience": 3,
        "delivered": 3,
        "unsubscribed": 2,
        "rate": 0.666667,
        "rate_low": 0.094299,
        "rate_high": 0.991596,
    }
    assert document["total"] == {
        "audience": 11,
        "delivered": 8,
        "unsubscribed": 3,
        "rate": 0.375,
        "rate_low": 0.085233,
        "rate_high": 0.755137,
        "unattributed": 1,
        "elsewhere": 0,
    }


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2026-11-01", None, (3, 1, 1, 2)),  # edition 1 was planned a minute earlier: who left it is elsewhere
        (None, "2026-10-31", (8, 0, 0, 0)),
        ("2026-10-31", "2026-11-30", (11, 2, 1, 0)),  # 23:59 of the last day is in, the next midnight is not
        ("2026-10-31", "2026-12-01", (11, 3, 1, 0)),
        ("2026-11-02", "2026-11-02", (0, 0, 0, 1)),
        ("2027-01-01", None, (0, 0, 0, 0)),
    ],
)
def test_period_holds_both_days_by_the_newsrooms_clock(
    any_desk: Desk, since: str | None, until: str | None, expected: tuple[int, ...]
) -> None:
    """Expected are audience, unsubscribed, unattributed, elsewhere."""
    fill(any_desk)
    report = any_desk.count(Dimension.MONTH, since=since, until=until)
    total = (report.total.audience, report.total.unsubscribed, report.unattributed, report.elsewhere)
    assert total == expected


def test_nothing_sent_is_nothing_counted(any_desk: Desk) -> None:
    for by in ([], [Dimension.REASON], [Dimension.MONTH, Dimension.REGION]):
        report = any_desk.hiding(5).count(*by)
        assert (report.rows, report.total.audience, report.total.rate, report.has_merged) == ([], 0, 0.0, False)


def test_people_are_counted_once_however_many_editions_reached_them(any_desk: Desk) -> None:
    for edition in (1, 2, 3):
        any_desk.plan(edition)
        any_desk.deliver(edition, 1, **AT_HOME)
        for person in (2, 3, 4):
            any_desk.deliver(edition, person)
    report = any_desk.hiding(3).count(Dimension.REGION)
    assert counts(report) == {("suppressed",): (12, 12, 0, 0.0)}, "three rows in Baipu are one person"


def test_small_groups_are_merged_with_the_next_smallest(desk: Desk) -> None:
    desk.plan(1)
    sizes = {"320682101": 2, "320682102": 1, "320682103": 5, "320682104": 9}
    person = 0
    for region, size in sizes.items():
        for _number in range(size):
            person += 1
            desk.deliver(1, person, region_code=region)
        desk.leave(person, 1, region_code=region)
    report = desk.hiding(5).count(Dimension.REGION, Dimension.RETIRED)
    assert counts(report) == {
        ("320682104", "no"): (9, 9, 1, 0.111111),
        ("suppressed", "suppressed"): (8, 8, 3, 0.375),
    }
    assert report.rows[-1].names[Dimension.REGION][1] == "suppressed (small groups merged)"
    assert (report.has_merged, report.total.audience, report.total.unsubscribed) == (True, 17, 4)


def test_small_groups_are_merged_before_reasons_are_told_apart(desk: Desk) -> None:
    desk.plan(1)
    for person in range(1, 7):
        desk.deliver(1, person)
    desk.deliver(1, 7, **AT_HOME)
    desk.leave(1, 1, reason="too-many")
    desk.leave(7, 1, reason="moved-away", **AT_HOME)
    assert counts(desk.hiding(5).count(Dimension.REGION, Dimension.REASON)) == {
        ("suppressed", "suppressed"): (7, 7, 2, 0.285714)
    }
    assert counts(desk.hiding(5).count(Dimension.REASON)) == {
        ("moved-away",): (7, 7, 1, 0.142857),
        ("too-many",): (7, 7, 1, 0.142857),
    }


def test_what_was_written_freely_before_there_was_a_list_is_another_reason(desk: Desk) -> None:
    desk.plan(1)
    for person, reason in enumerate(("other", "suppressed", "张三叫我退的", "too-many", ""), 1):
        desk.deliver(1, person)
        desk.leave(person, 1, reason=reason)
    report = desk.count(Dimension.REASON)
    assert counts(report) == {("none",): (5, 5, 1, 0.2), ("other",): (5, 5, 3, 0.6), ("too-many",): (5, 5, 1, 0.2)}
    labels = [row.names[Dimension.REASON][1] for row in report.rows]
    assert (report.has_merged, labels) == (False, ["not given", "another reason", "too many messages"])


def test_a_small_edition_is_in_no_columns_row(desk: Desk) -> None:
    """Else 党课 less 要闻, or the total less either, would be the three people of edition 2."""
    for edition, people, columns in ((1, 20, ("yaowen", "dangke")), (2, 3, ("dangke",)), (3, 6, (None,))):
        desk.plan(edition)
        desk.place(edition, *columns)
        for person in range(people):
            desk.deliver(edition, person)
        desk.leave(edition, edition)
    report = desk.hiding(5).count(Dimension.COLUMN)
    assert counts(report) == {
        ("dangke",): (20, 20, 1, 0.05),
        ("yaowen",): (20, 20, 1, 0.05),
        ("suppressed",): (9, 9, 2, 0.222222),
    }
    assert (report.is_overlapping, report.total.audience) == (True, 29)


def test_a_branchs_analyst_sees_no_total_of_a_few_people(desk: Desk) -> None:
    """Who left of them would be told; whoever counts for the whole newsroom always has the total."""
    branch_grant = Grant(staff_id=2, role="analyst", unit_id=BRANCH_ID, granted_at=NOON, statement_id=1)
    desk.add(branch_grant)
    desk.plan(1, unit=BRANCH_ID)
    for person in range(4):
        desk.deliver(1, person)
    desk.leave(1, 1)
    branch = Desk(desk.newsroom.acting_as("ed")).hiding(5)
    for by in ([], [Dimension.EDITION]):
        with pytest.raises(TooFewPeopleError, match="fewer than 5 people"):
            branch.count(*by)
    assert desk.hiding(5).count().total.unsubscribed == 1
    desk.deliver(1, 5)
    assert branch.count().total.delivered == 5


def test_only_an_analyst_may_count(desk: Desk) -> None:
    with pytest.raises(NoRightError, match="analyst"):
        Desk(desk.newsroom.acting_as("ed")).count(Dimension.REGION)


def test_queries_do_not_grow_with_people_or_groups(desk: Desk) -> None:
    def statements() -> int:
        seen: list[str] = []

        def listen(*details: object) -> None:
            seen.append(str(details[2]))

        event.listen(desk.newsroom.engine, "before_cursor_execute", listen)
        desk.count(*Dimension)
        event.remove(desk.newsroom.engine, "before_cursor_execute", listen)
        return sum(sql.lstrip().startswith("SELECT") for sql in seen)

    desk.plan(1)
    desk.deliver(1, 1)
    desk.leave(1, 1)
    few = statements()
    for edition in range(2, 6):
        desk.plan(edition, NOON.replace(month=edition))
        for person in range(1, 30):
            desk.deliver(edition, person, region_code=f"32068210{person % 9}", profession=f"p{person}")
            desk.leave(person, edition, reason=f"r{person}")
    assert statements() == few

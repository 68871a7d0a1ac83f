"""Which rows of an office's file are bad on purpose, and which only look it: what the demo's import is shown on."""

from typing import Final, NamedTuple

#: A unit that does not exist; the name is invented like the rest.
_NO_SUCH_UNIT: Final = "云外镇"


class MessyRow(NamedTuple):
    """One row under ``members.HEADINGS``; ``flaw`` is empty when the import should take it all the same."""

    cells: tuple[str, ...]
    flaw: str


def messy_rows() -> tuple[MessyRow, ...]:
    """Rows as they come from offices: three that are merely untidy, then six to be refused, one for each reason.

    Their numbers lie outside the run that ``synthetic_members`` hands out.
    """
    return (
        _row("１３８９９９９９９０１", "冒秋禾"),
        _row("86 138-9999-9902", "丛雨田"),
        _row("008613899999903", "佘冬梅", standing="正式"),
        _row("0513-87000000", "沈桂芳", flaw="landline"),
        _row("1389999990", "薛金根", flaw="digit_missing"),
        _row("", "钱玉琴", flaw="no_number"),
        _row("13899999904", "石家林", unit=_NO_SUCH_UNIT, region="", flaw="unknown_unit"),
        _row("13899999905", "章海泉", standing="骨干", flaw="unknown_standing"),
        _row("13899999906", "缪晓涵", mobile="13899999907", flaw="number_under_mobile"),
    )


def _row(
    phone: str,
    name: str,
    *,
    unit: str = "搬经镇",
    region: str = "320682116",
    standing: str = "正式党员",
    mobile: str = "否",
    flaw: str = "",
) -> MessyRow:
    return MessyRow((phone, name, unit, region, "农牧渔民", standing, mobile, "否"), flaw)

"""How dates are written for Chinese readers."""

from datetime import date
from typing import Final

_WEEKDAYS: Final = "一二三四五六日"


def format_day(day: date) -> str:
    """Month and day, as in 11月21日: short, for messages."""
    return f"{day.month}月{day.day}日"


def format_full_date(day: date) -> str:
    """Year, month, day and weekday, as in 2026年11月21日 星期六."""
    return f"{day.year}年{format_day(day)} 星期{_WEEKDAYS[day.weekday()]}"

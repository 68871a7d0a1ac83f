"""How an edition reads as one SMS text: signature first, headlines or full text, the way out last."""

from enum import StrEnum
from typing import Final

from newsletter.editions.layout import EditionLayout, LayoutColumn, LayoutItem
from newsletter.editions.rendering.environment import render_template, text_environment
from newsletter.editions.rendering.text import clean_line, item_paragraphs

#: 【】 may stand around the signature only, or the carrier takes the wrong one for it; 〔〕 is what print uses.
_BRACKETS: Final = str.maketrans("【】", "〔〕")


class SmsStyle(StrEnum):
    """How much of an edition a message carries."""

    HEADLINES = "headlines"
    FULL = "full"


def render_sms(layout: EditionLayout, *, style: SmsStyle) -> str:
    """The message of an edition, whole; the sender never adds to it. Same layout, same text.

    A correction is always said in full, and names what it corrects.
    """
    about = layout.reference
    values = {
        "signature": layout.signature,
        "paper_name": "" if layout.paper_name == layout.signature else _body(layout.paper_name),
        "heading": _body(layout.heading),
        "number": layout.number,
        "date": layout.date,
        "title": _body(layout.title),
        "columns": [_column(column, SmsStyle.FULL if about else style) for column in layout.columns],
        "reference": _body(about.sentence) if about else "",
        "opt_out_hint": _body(layout.opt_out_hint),
    }
    template = "correction" if about else style
    return _tidy(render_template(text_environment(), f"sms/{template}.txt.j2", **values))


def _column(column: LayoutColumn, style: SmsStyle) -> dict[str, object]:
    owner = column.owner if column.owner and column.owner not in column.name else ""
    return {
        "name": "·".join(filter(None, (_body(column.name), _body(owner)))),
        "items": [_item(item, style) for item in column.items],
    }


def _item(item: LayoutItem, style: SmsStyle) -> dict[str, object]:
    title = _body(item.title)
    return {
        # "1.2026年…" would read as the number 1.2026.
        "title": f" {title}" if title[:1].isdecimal() else title,
        "paragraphs": [_body(text) for text in (item.lead, *item_paragraphs(item)) if text.strip()]
        if style is SmsStyle.FULL
        else [],
        "source": _body(item.source),
    }


def _body(text: str) -> str:
    return clean_line(text).translate(_BRACKETS)


def _tidy(text: str) -> str:
    lines = (line.rstrip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)

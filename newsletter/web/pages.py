"""What readers see: small pages that old telephones can show, with no script and nothing fetched from elsewhere.

Their texts are readers' texts, a template in each language, and do not go through the interface's catalogue.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from newsletter.capabilities import capabilities_of
from newsletter.delivery.links import Link
from newsletter.editions.rendering.environment import html_environment, render_template
from newsletter.settings import Settings
from newsletter.subscribers.leaving.reasons import REASON_LABELS, REASON_WORDS, ReasonCode

#: Characters that may be written besides a reason.
LONGEST_NOTE: Final = 200
_CHINESE: Final = "zh-CN"


def page_to_leave(settings: Settings, language: str, link: Link) -> str:
    """The page that a link leads to: what is left, why, and a button."""
    reasons = [(code.value, _reason(code, language)) for code in ReasonCode]
    return _page(settings, language, "leave", link=link, reasons=reasons, longest_note=LONGEST_NOTE)


def page_left(settings: Settings, language: str, link: Link, *, everything: bool) -> str:
    """The page that says it is done, and how to come back."""
    can_reply = capabilities_of(settings.gateway.kind).has_inbound
    telephone = settings.newsroom.telephone
    return _page(
        settings,
        language,
        "left",
        link=link,
        everything=everything or link.is_only_paper,
        can_reply=can_reply,
        telephone=telephone,
    )


def page_of_trouble(settings: Settings, language: str, status: int) -> str:
    """The page that goes with an error; it says nothing of what was asked for."""
    return _page(settings, language, "trouble", status=status)


@cache
def style_source() -> str:
    """The style sheet as a ``Content-Security-Policy`` names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()}'"


@cache
def _style() -> str:
    return files("newsletter").joinpath("templates/web/page.css").read_text(encoding="utf-8")


def _page(settings: Settings, language: str, name: str, **values: Any) -> str:
    template = f"web/{language}/{name}.html.j2"
    return render_template(
        html_environment(), template, language=language, desk=settings.newsroom.name, style=_style(), **values
    )


def _reason(code: ReasonCode, language: str) -> str:
    # The first of the words that mean it is how it is called.
    return REASON_WORDS["zh"][code][0] if language == _CHINESE else REASON_LABELS[code].capitalize()

"""What a renderer is given: one edition as plain values, without database, clock or rules."""

from dataclasses import dataclass
from datetime import date, datetime

from newsletter.editions.kinds import Kind
from newsletter.editions.references import Reference


@dataclass(frozen=True, kw_only=True)
class LayoutItem:
    """One article as it is printed.

    Attributes:
        article: its number in the newsroom, to name it in problems; readers do not see it.
        title: one line of plain text.
        lead: the standfirst, plain text; may be empty.
        body: Markdown, or plain text with a paragraph a line.
        is_markdown: how ``body`` is read.
        unit_name: the unit it comes from; may be empty.
        contributor: who wrote it; may be empty.
        source: where a reprint is taken from; empty for original work.
        pictures: ``data:`` URIs, in order.
    """

    article: int
    title: str
    body: str
    lead: str = ""
    is_markdown: bool = True
    unit_name: str = ""
    contributor: str = ""
    source: str = ""
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LayoutColumn:
    """A column (栏目) with its articles in order.

    Attributes:
        name: its heading; empty for articles that stand in no column.
        owner: the department that owns a dedicated column (专栏); None for the paper's own.
    """

    name: str
    items: tuple[LayoutItem, ...]
    owner: str | None = None


@dataclass(frozen=True, kw_only=True)
class Credits:
    """Who stands for an edition: printed in the archive copy only, after all of them have signed.

    Attributes:
        editors: who submitted it, then whoever else worked on a text in it.
        submitted_at, approved_at, signed_at: when each gave their word; aware.
        digest: SHA-256 of the manifest, hexadecimal.
        journal_head: hash of the journal's last entry at that time, hexadecimal.
    """

    editors: tuple[str, ...]
    submitted_at: datetime
    reviewer: str
    approved_at: datetime
    issuer: str
    signed_at: datetime
    digest: str
    journal_head: str


@dataclass(frozen=True, kw_only=True)
class EditionLayout:
    """One edition in print order.

    Attributes:
        language: BCP 47 tag of the readers' language; decides the glyph forms of Han characters.
        signature: what stands in 【】, without the brackets.
        unit_name: the unit of a dedicated edition, or the paper's own; may be empty.
        title: the occasion of a special edition, a lesson's subject and the like; may be empty.
        number: the issue number printed as 第N期.
        opt_out_hint: how to unsubscribe, in the channel's own way; may be empty.
        plain_opt_out_hint: the same without a link; may be empty.
        reference: what a correction is about; None for every other edition.
    """

    paper_name: str
    signature: str
    kind: Kind
    number: int
    date: date
    columns: tuple[LayoutColumn, ...]
    language: str = "zh-CN"
    unit_name: str = ""
    title: str = ""
    opt_out_hint: str = ""
    plain_opt_out_hint: str = ""
    reference: Reference | None = None

    @property
    def heading(self) -> str:
        """What stands over it, as in 搬经镇专刊 or 更正; empty for a main edition."""
        return self.reference.kind.label if self.reference else self.kind.heading(self.unit_name)

"""Which row it is that differs from what was signed. Pure: two manifests are compared, and the first difference named.

The order of the comparison is the manifest's own, so the same tampering is always reported as the same row.
"""

from collections.abc import Iterator
from typing import Any, Final

from newsletter.translation import gettext as _

#: Manifest keys that are columns of the edition's own row, by their column's name.
_EDITION_COLUMNS: Final = {
    "edition": "id",
    "kind": "kind",
    "channel": "channel",
    "number": "number",
    "date": "date",
    "title": "title",
    "style": "style",
    "paper": "paper_id",
    "rule_book": "rule_book_version",
    "corrects": "corrects_id",
}


def first_difference(signed: dict[str, Any], present: dict[str, Any]) -> str:
    """The row that differs, as a person would name it; empty if the manifests are the same."""
    return next(_differences(signed, present), "")


def _differences(signed: dict[str, Any], present: dict[str, Any]) -> Iterator[str]:
    edition = signed.get("edition")
    for key in sorted(signed.keys() | present.keys()):
        before, now = signed.get(key), present.get(key)
        if before == now:
            continue
        if key == "items":
            yield from _item_differences(before or [], now or [])
        elif key == "pieces":
            for name in sorted((before or {}).keys() | (now or {}).keys()):
                if (before or {}).get(name) != (now or {}).get(name):
                    yield _("piece {piece} of edition {edition}").format(piece=name, edition=edition)
        else:
            yield _name_row(key, edition, before, now)


def _name_row(key: str, edition: object, before: Any, now: Any) -> str:
    if key == "link_token":
        return _("piece {piece} of edition {edition}").format(piece=(before or now)["piece"], edition=edition)
    if key == "units":
        return _("unit {unit}, or one above it").format(unit=(before or now or [""])[0])
    if key == "signature":
        return _("the paper of edition {edition}, column {column}").format(edition=edition, column="signature")
    if key == "audience":
        return _audience_row(edition, before or {}, now or {})
    return _("edition {edition}, column {column}").format(edition=edition, column=_EDITION_COLUMNS.get(key, key))


def _audience_row(edition: object, before: dict[str, Any], now: dict[str, Any]) -> str:
    column = "audience_definition" if before.get("definition") != now.get("definition") else "audience_version"
    if column == "audience_version" and before.get("version") == now.get("version"):
        return _("audience {name}").format(name=before.get("name") or now.get("name"))
    return _("edition {edition}, column {column}").format(edition=edition, column=column)


def _item_differences(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> Iterator[str]:
    for position in range(max(len(before), len(now))):
        if position >= len(before) or position >= len(now):
            yield _("item {position}").format(position=position + 1)
            return
        signed, present = before[position], now[position]
        article = signed["article"]
        if (signed["article"], signed["column"]) != (present["article"], present["column"]):
            yield _("item {position}").format(position=position + 1)
        elif signed["revision"] != present["revision"] or signed["content_hash"] != present["content_hash"]:
            yield _("revision {revision} of article {article}").format(revision=signed["revision"], article=article)
        elif signed["authors"] != present["authors"]:
            yield _("the authors of article {article}").format(article=article)

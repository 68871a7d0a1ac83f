"""A person's own data as a text for reading: each value with its name in the reader's language."""

from collections.abc import Iterator
from typing import Any, Final

from newsletter.translation import gettext as _
from newsletter.translation import mark

#: Field of the JSON document -> what it is called.
_LABELS: Final = {
    "newsroom": mark("Newsroom"),
    "made_at": mark("Written at"),
    "person": mark("On the register"),
    "subscriber": mark("Register number"),
    "number": mark("Mobile number"),
    "name": mark("Name"),
    "unit": mark("Unit"),
    "unit_name": mark("Unit's name"),
    "region_code": mark("Region code"),
    "profession": mark("Profession"),
    "standing": mark("Standing"),
    "mobile": mark("Away from home"),
    "retired": mark("Retired"),
    "status": mark("Status"),
    "channel": mark("Channel"),
    "language": mark("Language"),
    "large_type": mark("Large type"),
    "place": mark("Present place"),
    "place_region": mark("Province of it"),
    "basis": mark("Basis of consent"),
    "recorded_at": mark("Recorded at"),
    "changed_at": mark("Changed at"),
    "others_on_number": mark("Others on the number"),
    "events": mark("What happened"),
    "consents": mark("Consents"),
    "optouts": mark("Opt-outs and returns"),
    "not_written_to_by": mark("Not written to by"),
    "replies": mark("Replies"),
    "deliveries": mark("Deliveries"),
    "kind": mark("What"),
    "happened_on": mark("On"),
    "source": mark("Source"),
    "at": mark("At"),
    "wording": mark("Wording"),
    "proof": mark("Proof"),
    "paper": mark("Paper"),
    "reason": mark("Reason"),
    "note": mark("Note"),
    "edition": mark("Edition"),
    "text": mark("Text"),
    "received_at": mark("Received at"),
    "verdict": mark("Verdict"),
    "title": mark("Title"),
    "date": mark("Date"),
    "state": mark("State"),
}


def own_data_text(document: dict[str, Any]) -> str:
    """The document, a line a value, one section under the other; what is empty is left out."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: dict[str, Any]) -> Iterator[str]:
    for name, found in document.items():
        if isinstance(found, dict):
            yield f"{_(_LABELS[name])}:"
            yield from (f"  {told}" for told in _values(found))
        elif isinstance(found, list):
            yield f"{_(_LABELS[name])}: {len(found)}"
            yield from ("  - " + ("; ".join(_values(one)) if isinstance(one, dict) else str(one)) for one in found)
        else:
            yield from _values({name: found})


def _values(found: dict[str, Any]) -> Iterator[str]:
    words = {True: _("yes"), False: _("no")}
    for name, value in found.items():
        if value not in (None, ""):
            yield f"{_(_LABELS[name])}: {words[value] if isinstance(value, bool) else value}"

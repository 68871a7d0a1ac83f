"""A person's own data as a text for reading: each value with its name in the reader's language."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from newsletter.delivery.state_words import STATES
from newsletter.subscribers.leaving.reasons import reason_label
from newsletter.subscribers.provinces import province_label
from newsletter.subscribers.words import BASES, EVENTS, LANGUAGES, PROFESSIONS, STANDINGS, STATUSES, WAYS, WISHES, label
from newsletter.translation import gettext as _
from newsletter.translation import mark

#: Field of the JSON document -> what it is called.
_LABELS: Final = {
    "newsroom": mark("Newsroom"),
    "made_at": mark("Written at"),
    "person": mark("On the register"),
    "subscriber": mark("Register number"),
    "number": mark("Mobile number"),
    "name": mark("Person's name"),
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
    "way": mark("Given"),
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

#: Consents, opt-outs and verdicts on replies, besides what happened on the register.
_KINDS: Final = {
    "given": mark("agreed"),
    "withdrawn": mark("withdrawn"),
    "out": mark("has left"),
    "in": mark("has come back"),
    "none": mark("neither"),
}
#: Field → code → what the code is called; the codes of one field are never those of another meaning.
_CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "profession": PROFESSIONS,
    "standing": STANDINGS,
    "status": STATUSES,
    "channel": WISHES,
    "way": WAYS,
    "language": LANGUAGES,
    "basis": BASES,
    "kind": {**EVENTS, **_KINDS},
    "source": WAYS,
    "not_written_to_by": {"all": mark("everything")},
    "verdict": _KINDS,
    "state": STATES,
}
#: Fields that say when, to the second; read to the minute.
_MOMENTS: Final = frozenset({"made_at", "recorded_at", "changed_at", "at", "received_at"})
_MINUTES: Final = len("2026-11-05T09:30")


def own_data_text(document: dict[str, Any]) -> str:
    """The document, a line a value, one section under the other; what is empty is left out."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: dict[str, Any]) -> Iterator[str]:
    for name, found in document.items():
        if isinstance(found, dict):
            yield _named(name, "").rstrip()
            yield from (f"  {told}" for told in _values(found))
        elif isinstance(found, list):
            yield _named(name, str(len(found)))
            yield from (f"  - {_entry(name, one)}" for one in found)
        else:
            yield from _values({name: found})


def _entry(section: str, one: Any) -> str:
    if not isinstance(one, dict):
        return _value(section, one)
    # The way a consent came by is not the way the person wants to be written to.
    return _("; ").join(_values({"way" if name == "channel" else name: value for name, value in one.items()}))


def _values(found: dict[str, Any]) -> Iterator[str]:
    return (_named(name, _value(name, value)) for name, value in found.items() if value not in (None, ""))


def _named(name: str, told: str) -> str:
    return _("{name}: {value}").format(name=_(_LABELS[name]), value=told)


def _value(name: str, value: Any) -> str:
    """A value in words: codes by their labels, moments to the minute."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "reason":
        return reason_label(value)
    if name == "place_region":
        return province_label(value)
    if name in _MOMENTS:
        return str(value)[:_MINUTES].replace("T", " ")
    return label(_CODES.get(name, {}), str(value))

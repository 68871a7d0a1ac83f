"""What the codes of the register and of its ledgers are called in the interface's language."""

from collections.abc import Mapping
from typing import Final

from newsletter.subscribers.event_records import EventKind
from newsletter.subscribers.models import Channel, Profession, Standing, Status
from newsletter.translation import gettext as _
from newsletter.translation import mark

#: Professions of the public annual bulletin (FACTS).
PROFESSIONS: Final[Mapping[str, str]] = {
    Profession.WORKER: mark("worker"),
    Profession.FARMER: mark("farmer, herder or fisher"),
    Profession.SPECIALIST: mark("specialist"),
    Profession.MANAGER: mark("manager"),
    Profession.OFFICIAL: mark("official"),
    Profession.STUDENT: mark("student"),
    Profession.OTHER: mark("other profession"),
}
STANDINGS: Final[Mapping[str, str]] = {
    Standing.ACTIVIST: mark("activist"),
    Standing.PROSPECTIVE: mark("prospective member"),
    Standing.PROBATIONARY: mark("probationary member"),
    Standing.FULL: mark("full member"),
    Standing.NONE: mark("no member"),
}
STATUSES: Final[Mapping[str, str]] = {
    Status.ACTIVE: mark("on the register"),
    Status.NUMBERLESS: mark("without a number"),
    Status.LEFT: mark("left"),
    Status.DIED: mark("died"),
}
EVENTS: Final[Mapping[str, str]] = {
    EventKind.JOINED: mark("joined"),
    EventKind.MOVED_IN: mark("moved in"),
    EventKind.MOVED_OUT: mark("moved out"),
    EventKind.BECAME_PROBATIONARY: mark("became probationary"),
    EventKind.BECAME_FULL: mark("became full member"),
    EventKind.BECAME_MOBILE: mark("went away from home"),
    EventKind.CAME_HOME: mark("came home"),
    EventKind.RETIRED: mark("retired"),
    EventKind.DIED: mark("died"),
    EventKind.CORRECTED: mark("corrected"),
    EventKind.ERASED: mark("erased"),
}
#: How an event, an opt-out or a consent reached the newsroom.
WAYS: Final[Mapping[str, str]] = {
    "import": mark("import"),
    "census": mark("census"),
    "desk": mark("desk"),
    "upgrade": mark("upgrade"),
    "retention": mark("retention"),
    "phone": mark("by telephone"),
    "letter": mark("by letter"),
    "visit": mark("on a visit"),
    "form": mark("on a signed form"),
    "gateway": mark("from the gateway"),
    "carrier": mark("from the carrier"),
    "reply": mark("by a reply"),
    "link": mark("by the message's link"),
}
#: How somebody wants to be written to.
WISHES: Final[Mapping[str, str]] = {Channel.FULL_TEXT: mark("full text"), Channel.MMS: mark("MMS")}
LANGUAGES: Final[Mapping[str, str]] = {"zh-CN": mark("Chinese"), "en": mark("English")}
BASES: Final[Mapping[str, str]] = {"membership": mark("membership"), "express": mark("express consent")}


def label(table: Mapping[str, str], code: str) -> str:
    """What a code is called; one that nobody named is its own label, empty stays empty."""
    return _(table[code]) if code in table else code

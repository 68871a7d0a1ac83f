"""What a reader sends with the button: read up to a limit, in time, and never refused for what it says."""

import asyncio
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from fastapi import HTTPException, Request

from newsletter.subscribers.leaving.reasons import ReasonCode, parse_reason
from newsletter.web.pages import LONGEST_NOTE

#: Bytes of the longest form: a note of 200 characters, each 12 once it is percent-encoded, and room to spare.
LONGEST_BODY: Final = 8192
_MOST_SECONDS: Final = 10
_MOST_FIELDS: Final = 20
_FORM: Final = "application/x-www-form-urlencoded"
_TOO_LARGE, _TOO_SLOW = 413, 408


@dataclass(frozen=True, kw_only=True)
class Departure:
    """What somebody asked for."""

    everything: bool
    reason: ReasonCode | None
    note: str


async def read_departure(request: Request) -> Departure:
    """Read the form; whatever is not our form, as a mail program's one-click word (RFC 8058), leaves everything.

    Raises:
        HTTPException: it is too long (413) or comes too slowly (408).
    """
    body = await _read_body(request)
    is_form = request.headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM
    fields = _parse(body) if is_form else {}
    reason, note = _reason_of(fields.get("reason", "")), " ".join(fields.get("note", "").split())[:LONGEST_NOTE]
    if reason is None and note:
        reason, note = parse_reason(note)
    return Departure(everything=fields.get("scope") != "paper", reason=reason, note=note)


async def _read_body(request: Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(_MOST_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LONGEST_BODY:
                    raise HTTPException(_TOO_LARGE)
    except TimeoutError as error:
        raise HTTPException(_TOO_SLOW) from error
    return bytes(body)


def _parse(body: bytes) -> dict[str, str]:
    try:
        found = parse_qs(body.decode(errors="replace"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[-1] for name, values in found.items()}


def _reason_of(word: str) -> ReasonCode | None:
    return ReasonCode(word) if word in frozenset(ReasonCode) else None

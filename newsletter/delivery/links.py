"""Whose opt-out link is whose: tokens written when rows are claimed, and found again when somebody follows one.

A token is derived from the edition and the number key, so a row that was altered to point at somebody else leads
nowhere.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text as sql
from sqlmodel import Session, col, select

from newsletter.delivery.models import LinkToken
from newsletter.editions.models import Edition
from newsletter.keys import LINK_ALPHABET, LINK_TOKEN_LENGTH, DataKeys
from newsletter.organisation.papers import Paper

#: What is looked up where nothing can be found, so that looking takes the same time.
_NOBODY: Final = "0" * LINK_TOKEN_LENGTH
_LETTERS: Final = frozenset(LINK_ALPHABET)


@dataclass(frozen=True, kw_only=True)
class Link:
    """Where an opt-out link leads.

    Attributes:
        signature: of the paper, as the message bore it.
        is_only_paper: the newsroom has no other, so leaving it is leaving everything.
    """

    edition_id: int
    number_key: str
    paper_id: int
    signature: str
    is_only_paper: bool


def write_tokens(session: Session, keys: DataKeys, edition_id: int, number_keys: Iterable[str]) -> dict[str, str]:
    """Write down the tokens of these recipients, in the transaction that claims their rows; number key → token.

    Somebody whose token is already another recipient's (once in many million editions) is left out.
    """
    tokens = {number_key: keys.link_token(edition_id, number_key) for number_key in number_keys}
    if not tokens:
        return {}
    rows = [{"token": token, "edition": edition_id, "key": number_key} for number_key, token in tokens.items()]
    insert = "INSERT INTO link_token (token, edition_id, number_key) VALUES (:token, :edition, :key)"
    session.connection().execute(sql(f"{insert} ON CONFLICT DO NOTHING"), rows)
    query = select(LinkToken.token, LinkToken.number_key).where(col(LinkToken.token).in_(tokens.values()))
    owners = dict(session.exec(query.where(LinkToken.edition_id == edition_id)).all())
    return {number_key: token for number_key, token in tokens.items() if owners.get(token) == number_key}


def find_link(session: Session, keys: DataKeys, token: str) -> Link | None:
    """Where the link with this token leads; None for one that never was, and for an altered row.

    The same work is done either way, so that the time it takes tells nothing.
    """
    token = token.strip().lower()
    is_possible = len(token) == LINK_TOKEN_LENGTH and _LETTERS.issuperset(token)
    found = session.get(LinkToken, token if is_possible else _NOBODY)
    edition_id, number_key = (found.edition_id, found.number_key) if found else (0, "")
    is_genuine = hmac.compare_digest(keys.link_token(edition_id, number_key).encode(), token.encode())
    query = (
        select(Edition, Paper).join(Paper, col(Paper.id) == col(Edition.paper_id)).where(col(Edition.id) == edition_id)
    )
    row = session.exec(query).first()
    papers = session.exec(select(Paper.id).limit(2)).all()
    if found is None or row is None or not is_genuine:
        return None
    edition, paper = row
    return Link(
        edition_id=edition_id,
        number_key=number_key,
        paper_id=paper.id or 0,
        signature=edition.signature or paper.signature,
        is_only_paper=len(papers) == 1,
    )

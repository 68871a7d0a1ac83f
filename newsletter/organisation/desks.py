"""The desk of a unit as a contributor: whose the texts are that the desk itself writes, such as corrections."""

from typing import Final

from sqlmodel import Session, select

from newsletter.organisation.contributors import Contributor

#: What readers see; a desk earns no points and is no correspondent.
DESK_NAME: Final = "编辑部"


def desk_of(session: Session, unit_id: int) -> Contributor:
    """The desk of a unit, made when it is first asked for."""
    query = select(Contributor).where(Contributor.unit_id == unit_id, Contributor.name == DESK_NAME)
    desk = session.exec(query).first()
    if desk is None:
        desk = Contributor(name=DESK_NAME, unit_id=unit_id)
        session.add(desk)
        session.flush()
    return desk

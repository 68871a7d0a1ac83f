"""The desk of a unit as a contributor: whose the texts are that the desk itself writes, such as corrections."""

from sqlmodel import Session, select

from newsletter.organisation.contributors import DESK_NAME, Contributor

__all__ = ("DESK_NAME", "desk_of")


def desk_of(session: Session, unit_id: int) -> Contributor:
    """The desk of a unit, made when it is first asked for."""
    query = select(Contributor).where(Contributor.unit_id == unit_id, Contributor.name == DESK_NAME)
    desk = session.exec(query).first()
    if desk is None:
        desk = Contributor(name=DESK_NAME, unit_id=unit_id)
        session.add(desk)
        session.flush()
    return desk

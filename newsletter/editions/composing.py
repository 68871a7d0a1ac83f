"""How an edition comes together: paper, kind, unit and audience, and which revisions stand in it in what order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from sqlmodel import Session, col, delete, func, select

from newsletter.articles.records import get_article, get_revision, lock_articles
from newsletter.articles.stages import ArticleVerb, advance_article
from newsletter.editions.corrections import Link, set_link
from newsletter.editions.entitlement import choose_audience, is_editor_of, raise_if_foreign, require_copy
from newsletter.editions.kinds import Channel, Kind
from newsletter.editions.models import Edition, EditionStage, Item
from newsletter.editions.records import items_of
from newsletter.editions.rule_books import newest_version
from newsletter.errors import InputError, NotFoundError, RefusedError
from newsletter.journal.canonical import canonical_json
from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import MAIN_PAPER, Paper, get_paper
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import Unit, UnitKind, check_name, get_unit
from newsletter.subscribers.audience.audiences import definition_everyone_in, newest_definition
from newsletter.subscribers.models import Audience
from newsletter.translation import gettext as _

#: Kinds of units that are places: their dedicated edition is a town's.
_PLACES: Final = frozenset(
    {UnitKind.COUNTY, UnitKind.TOWN, UnitKind.STREET, UnitKind.ZONE, UnitKind.COMMUNITY, UnitKind.VILLAGE}
)


class NoChannelError(RefusedError):
    """Editions do not go by this channel yet."""

    code: ClassVar[str] = "no_channel"


class NotInEditionError(NotFoundError):
    """The article does not stand in the edition."""

    code: ClassVar[str] = "not_in_edition"


@dataclass(frozen=True, kw_only=True)
class EditionRequest:
    """What an editor asks of a new edition; None leaves it to the defaults, or as it is."""

    kind: Kind | None = None
    unit: str | None = None
    paper: str | None = None
    audience: str | None = None
    channel: Channel = Channel.SMS
    title: str | None = None
    style: str | None = None


def create_edition(session: Session, newsroom: Newsroom, request: EditionRequest) -> Edition:
    """Begin an edition by the acting editor; items follow.

    Raises:
        UnknownPaperError, UnknownUnitError, UnknownAudienceError: looked up in vain.
        InputError: the kind and the unit, or the paper and the unit, do not go together.
        NoChannelError: not by SMS.
        NoRightError: the acting person is no editor of the unit.
    """
    raise_if_no_channel(request)
    paper = get_paper(session, request.paper or MAIN_PAPER)
    unit = get_unit(session, request.unit) if request.unit else session.get_one(Unit, paper.unit_id)
    raise_if_foreign(session, paper, unit)
    kind = _choose_kind(request, paper, unit)
    editor = require_right(session, newsroom, Right.DRAFTS, unit.id)
    if kind not in (Kind.TOWN, Kind.DEPARTMENT) or request.audience:
        # In the paper's name to whom one likes: only its own desk. A unit's desk writes to its own people.
        require_right(session, newsroom, Right.DRAFTS, paper.unit_id)
    now = newsroom.now()
    edition = Edition(
        paper_id=paper.id or 0,
        kind=kind,
        unit_id=unit.id or 0,
        channel=request.channel,
        number=_next_number(session, paper, kind, unit),
        date=now.astimezone(newsroom.timezone).date(),
        style=request.style or "headlines",
        audience_definition="",
        stage=EditionStage.DRAFTED,
        staff_id=editor.id or 0,
        created_at=now,
        rule_book_version=newest_version(session),
    )
    is_own = is_editor_of(session, newsroom, paper.unit_id)
    # The paper's default is its own desk's to use.
    _set_audience(session, edition, choose_audience(session, newsroom, request.audience, paper) if is_own else None)
    if request.title:
        edition.title = check_name(request.title)
    session.add(edition)
    session.flush()
    return edition


def create_correction(session: Session, newsroom: Newsroom, original: Edition, link: Link, *, title: str) -> Edition:
    """Begin the edition that corrects ``original``: its paper, unit and channel; who got the original will get it.

    Raises:
        NoRightError: the acting person is no editor of the unit.
    """
    paper, unit = session.get_one(Paper, original.paper_id), session.get_one(Unit, original.unit_id)
    editor, now = require_right(session, newsroom, Right.DRAFTS, original.unit_id), newsroom.now()
    edition = Edition(
        paper_id=original.paper_id,
        kind=Kind.CORRECTION,
        unit_id=original.unit_id,
        channel=original.channel,
        number=_next_number(session, paper, Kind.CORRECTION, unit),
        date=now.astimezone(newsroom.timezone).date(),
        title=check_name(title) if title else "",
        style="full",
        # Nobody is counted by it: whom it goes to stands in the original's ledger.
        audience_definition=original.audience_definition,
        rule_book_version=newest_version(session),
        stage=EditionStage.DRAFTED,
        staff_id=editor.id or 0,
        created_at=now,
    )
    set_link(edition, link)
    session.add(edition)
    session.flush()
    return edition


def raise_if_no_channel(request: EditionRequest) -> None:
    """Refuse a channel that editions do not go by.

    Raises:
        NoChannelError: names the one that they do.
    """
    if request.channel is not Channel.SMS:
        raise NoChannelError(
            _("Editions by {channel} cannot be made yet.").format(channel=request.channel),
            hint=_("Use --channel sms."),
        )


def revise_edition(session: Session, newsroom: Newsroom, edition: Edition, request: EditionRequest) -> None:
    """Change what may change of an edition begun: title, style, audience.

    Raises:
        InputError: paper, kind or unit of an edition cannot change.
        NoChannelError: not by SMS.
        UnknownAudienceError: no such audience.
    """
    raise_if_no_channel(request)
    if request.kind or request.unit or request.paper:
        raise InputError(
            _("An edition keeps its paper, kind and unit; edition {edition} cannot change them.").format(
                edition=edition.id
            ),
            hint=_("Draft another edition."),
        )
    if request.title:
        edition.title = check_name(request.title)
    if request.style:
        edition.style = request.style
    if request.audience and edition.corrects_id is not None:
        raise InputError(_("A correction goes to those who got what it corrects, and to nobody else."))
    if request.audience:
        paper = session.get_one(Paper, edition.paper_id)
        require_right(session, newsroom, Right.DRAFTS, paper.unit_id)
        _set_audience(session, edition, choose_audience(session, newsroom, request.audience, paper))
    session.add(edition)


def set_items(
    session: Session,
    newsroom: Newsroom,
    edition: Edition,
    *,
    articles: Sequence[int],
    dropped: Sequence[int] = (),
) -> None:
    """Add articles at the end with their newest revision, or take the newest of those already in; drop others.

    Raises:
        UnknownArticleError: no such article.
        ArticleStageError: it is in no stage to be printed.
        NotInEditionError: one to drop does not stand in the edition.
        NoRightError: the acting person is no editor of an article's unit, nor is it lent to the edition's.
    """
    former = items_of(session, edition.id or 0)
    places = {item.article_id: (item.revision_id, item.column_id) for item in former}
    for item in former:
        session.expunge(item)
    lock_articles(session, articles)
    for article_id in dropped:
        if article_id not in places:
            message = _("Article {article} does not stand in edition {edition}.")
            raise NotInEditionError(message.format(article=article_id, edition=edition.id))
        del places[article_id]
    for article_id in articles:
        article = get_article(session, article_id)
        require_copy(session, newsroom, article, edition)
        article.stage = advance_article(article_id, article.stage, ArticleVerb.COMPOSE)
        session.add(article)
        places[article_id] = (get_revision(session, article).id or 0, article.column_id)
    session.exec(delete(Item).where(col(Item.edition_id) == edition.id))
    for position, (article_id, (revision_id, column_id)) in enumerate(places.items(), start=1):
        session.add(
            Item(
                edition_id=edition.id or 0,
                position=position,
                article_id=article_id,
                revision_id=revision_id,
                column_id=column_id,
            )
        )
    session.flush()


def _choose_kind(request: EditionRequest, paper: Paper, unit: Unit) -> Kind:
    if request.kind in (Kind.TOWN, Kind.DEPARTMENT) and unit.id == paper.unit_id:
        raise InputError(
            _("An edition of kind {kind} is for one unit.").format(kind=request.kind), hint=_("Give --unit UNIT.")
        )
    if request.kind is Kind.CORRECTION:
        raise InputError(
            _("A correction is of an edition that was sent."),
            hint=_("Make it with: newsletter correct EDITION --kind notice|correction|retraction --text TEXT"),
        )
    if request.kind is not None:
        return request.kind
    if unit.id == paper.unit_id:
        return Kind.MAIN
    return Kind.TOWN if unit.kind in _PLACES else Kind.DEPARTMENT


def _next_number(session: Session, paper: Paper, kind: Kind, unit: Unit) -> int:
    query = select(func.max(Edition.number)).where(
        Edition.paper_id == paper.id, Edition.kind == kind, Edition.unit_id == unit.id
    )
    return (session.exec(query).one() or 0) + 1


def _set_audience(session: Session, edition: Edition, audience: Audience | None) -> None:
    """Freeze who gets it: the audience, else everyone in the edition's unit."""
    if audience is None:
        definition = definition_everyone_in(session, edition.unit_id)
        edition.audience_id = edition.audience_version = None
    else:
        definition = newest_definition(session, audience)
        edition.audience_id, edition.audience_version = audience.id, audience.version
    edition.audience_definition = canonical_json(definition.document())

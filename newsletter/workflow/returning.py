"""The reviewer's word that an edition is not fit to be printed: a reason, the faults found, the mends suggested."""

from collections.abc import Sequence

from newsletter.editions.composing import NotInEditionError
from newsletter.editions.models import Edition
from newsletter.editions.records import items_of, lock_edition
from newsletter.errors import InputError
from newsletter.journal.remarks import check_remark
from newsletter.journal.statements import Verb
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right, Role
from newsletter.organisation.staff import require_right
from newsletter.translation import gettext as _
from newsletter.workflow.edition_stages import EditionVerb, advance_edition
from newsletter.workflow.faults import Fault
from newsletter.workflow.gates import prepare_word, speak
from newsletter.workflow.penalties.recording import record_faults
from newsletter.workflow.suggestions import Suggestion, digest_of_suggestions, find_places, keep_suggestions


def return_edition(
    newsroom: Newsroom,
    edition_id: int,
    *,
    reason: str,
    faults: Sequence[Fault] = (),
    suggestions: Sequence[Suggestion] = (),
) -> Edition:
    """The reviewer gives an edition back to the editor, with the reason.

    Args:
        newsroom: its acting person reviews.
        edition_id: which.
        reason: why, for the journal.
        faults: errors found, each at an article of the edition.
        suggestions: words to put in place of others; the editor may accept them.

    Raises:
        InputError: no reason, or one that holds a number.
        EditionStageError: it is not under review.
        NoRightError: the acting person is no reviewer of its unit.
        NotInEditionError: a fault is at an article that does not stand in it.
        SuggestionError: a suggestion's words do not stand in it exactly once.
    """
    if not reason.strip():
        raise InputError(_("Say why: the reason is empty."), hint=_("Give --reason REASON."))
    check_remark(reason)
    prepare_word(newsroom, edition_id, Right.RETURN, EditionVerb.RETURN)
    with newsroom.writing() as session:
        edition = lock_edition(session, edition_id)
        reviewer = require_right(session, newsroom, Right.RETURN, edition.unit_id)
        edition.stage = advance_edition(edition_id, edition.stage, EditionVerb.RETURN)
        _raise_if_elsewhere(faults, {item.article_id for item in items_of(session, edition_id)}, edition_id)
        places = find_places(session, edition, suggestions)
        word = speak(
            session,
            newsroom,
            edition,
            Verb.RETURN,
            Role.REVIEWER,
            reason=reason.strip(),
            suggestions=digest_of_suggestions(places),
        )
        record_faults(session, newsroom, edition, faults, finder=reviewer, statement_id=word.place)
        keep_suggestions(session, edition, places, staff_id=reviewer.id or 0, word=word)
        session.add(edition)
        session.commit()
    return edition


def _raise_if_elsewhere(faults: Sequence[Fault], articles: set[int], edition_id: int) -> None:
    for fault in faults:
        if fault.article not in articles:
            message = _("Article {article} does not stand in edition {edition}.")
            raise NotInEditionError(message.format(article=fault.article, edition=edition_id))

"""Whether the rows that a statement speaks of by digest are those: rule books, and what reviewers suggested."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from sqlmodel import Session, col, select

from newsletter.editions.rule_books import RuleBook
from newsletter.journal.canonical import sha256_text
from newsletter.journal.statements import Verb, Word
from newsletter.organisation.staff import Staff
from newsletter.translation import gettext as _
from newsletter.workflow.auditing.mirrors import is_same_moment
from newsletter.workflow.auditing.problems import Problem
from newsletter.workflow.suggestions import StoredSuggestion, digest_of_rows


def audit_spoken_rows(session: Session, journal: Sequence[Word]) -> list[Problem]:
    """What differs, rule books first."""
    names = {person.id: person.name for person in session.exec(select(Staff))}
    return [*_audit_rule_books(session, names, journal), *_audit_suggestions(session, names, journal)]


def _audit_rule_books(session: Session, names: dict[int | None, str], journal: Sequence[Word]) -> Iterator[Problem]:
    adopted = {word.place: word for word in journal if word.verb is Verb.ADOPT}
    for book in session.exec(select(RuleBook).order_by(col(RuleBook.version))):
        where = _("rule book {version}").format(version=book.version)
        word = adopted.pop(book.statement_id, None)
        found = (names.get(book.staff_id), book.version, book.digest, sha256_text(book.text))
        said = (word.person, word.details.get("version"), word.digest, word.digest) if word else None
        if word is None or found != said or not is_same_moment(book.adopted_at, word.time):
            yield _not_said(where)
    for word in adopted.values():
        yield _gone(_("rule book {version}").format(version=word.details.get("version")))


def _audit_suggestions(session: Session, names: dict[int | None, str], journal: Sequence[Word]) -> Iterator[Problem]:
    said = {word.place: word for word in journal if word.verb is Verb.RETURN and word.details.get("suggestions")}
    rows = session.exec(select(StoredSuggestion).order_by(col(StoredSuggestion.statement_id), col(StoredSuggestion.id)))
    for place, found in groupby(rows, key=lambda row: row.statement_id):
        made = list(found)
        word = said.pop(place, None)
        about = {(f"edition:{row.edition_id}", names.get(row.staff_id)) for row in made}
        where = _("the suggestions of statement {number}").format(number=place)
        is_said = word is not None and about == {(word.subject, word.person)}
        if word is None or not is_said or digest_of_rows(made) != word.details["suggestions"]:
            yield _not_said(where)
    for place in said:
        yield _gone(_("the suggestions of statement {number}").format(number=place))


def _not_said(where: str) -> Problem:
    message = _("{row}: the journal says otherwise.").format(row=where)
    return Problem(code="row_differs", where=where, message=message)


def _gone(where: str) -> Problem:
    message = _("{row} was spoken of, and its row is gone.").format(row=where)
    return Problem(code="row_gone", where=where, message=message)

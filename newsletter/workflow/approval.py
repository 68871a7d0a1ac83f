"""When an edition may leave: three valid words over its digest, by three people. Pure: no clock, no database.

An editor's ``submit``, then a reviewer's ``approve``, then an issuer's ``sign``; only words after the latest
``submit`` and with no later ``return`` count; roles are judged at each word's place in the journal and once more now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from newsletter.errors import RefusedError
from newsletter.journal.statements import Verb, Word
from newsletter.organisation.grants import is_held
from newsletter.organisation.roles import Role, role_label
from newsletter.translation import gettext as _

#: The gates in order: the word, and the role it needs.
GATES: Final = ((Verb.SUBMIT, Role.EDITOR), (Verb.APPROVE, Role.REVIEWER), (Verb.SIGN, Role.ISSUER))


class NotApprovedError(RefusedError):
    """A word is missing, or was withdrawn."""

    code: ClassVar[str] = "not_approved"


class ChangedSinceError(RefusedError):
    """The edition is not what was approved."""

    code: ClassVar[str] = "changed_since_approval"


class SamePersonError(RefusedError):
    """One person would pass two gates, or judge their own text."""

    code: ClassVar[str] = "same_person"


class RoleLostError(RefusedError):
    """Somebody who spoke did not hold the role, or holds it no more."""

    code: ClassVar[str] = "role_lost"


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words in force over an edition; None for a gate not passed yet."""

    submit: Word | None = None
    approve: Word | None = None
    sign: Word | None = None

    def spoken(self) -> list[Word]:
        """Those that were said, in order."""
        return [word for word in (self.submit, self.approve, self.sign) if word is not None]


def words_in_force(journal: Sequence[Word], subject: str) -> Words:
    """The latest submit of ``subject`` and what was said after it; a later ``return`` undoes all.

    A signature is over what was approved: one given before the approval in force does not count.
    """
    spoken: dict[Verb, Word] = {}
    for word in journal:
        if word.subject != subject:
            continue
        if word.verb in (Verb.SUBMIT, Verb.RETURN):
            spoken.clear()
        if word.verb is Verb.APPROVE:
            spoken.pop(Verb.SIGN, None)
        if word.verb in (Verb.SUBMIT, Verb.APPROVE, Verb.SIGN):
            spoken[word.verb] = word
    return Words(submit=spoken.get(Verb.SUBMIT), approve=spoken.get(Verb.APPROVE), sign=spoken.get(Verb.SIGN))


def check_words(
    journal: Sequence[Word],
    *,
    subject: str,
    digest: str,
    units: Sequence[str],
    authors: dict[int, list[str]],
    upto: Verb = Verb.SIGN,
    now: datetime | None,
) -> Words:
    """Return the words over ``digest`` for every gate up to ``upto``.

    Args:
        journal: the whole of it, checked.
        subject: ``edition:3``.
        digest: of the manifest as it is now.
        units: codes of the edition's unit and those above it, nearest first.
        authors: article → staff whose hands its text went through.
        upto: the last gate that must have been passed.
        now: when it would leave, for roles with dates; None: whether the roles still hold is not asked, only whether
            they did.

    Raises:
        NotApprovedError: a gate is not passed.
        ChangedSinceError: a word is over another digest.
        SamePersonError: two gates by one person, or a reviewer or issuer is an author.
        RoleLostError: a speaker lacked the role then, or lacks it now.
    """
    words = words_in_force(journal, subject)
    found = {Verb.SUBMIT: words.submit, Verb.APPROVE: words.approve, Verb.SIGN: words.sign}
    for verb, role in GATES:
        word = found[verb]
        if word is None:
            raise NotApprovedError(_missing_word(verb, subject))
        if word.digest != digest:
            raise changed_since(word)
        _check_role(journal, word, role, units, now)
        if verb is not Verb.SUBMIT:
            raise_if_author(word.person, authors)
            raise_if_same_person(words, word.person, verb)
        if verb is upto:
            break
    return words


def _missing_word(verb: Verb, subject: str) -> str:
    edition = subject.partition(":")[2]
    return {
        Verb.SUBMIT: _("Edition {edition} is not submitted."),
        Verb.APPROVE: _("Edition {edition} is not approved."),
        Verb.SIGN: _("Edition {edition} is not signed."),
    }[verb].format(edition=edition)


def changed_since(word: Word) -> ChangedSinceError:
    """What to say when ``word`` is over another digest than the present one."""
    return ChangedSinceError(
        _("The edition was changed after {person} had {done} it.").format(person=word.person, done=_past(word.verb)),
        hint=_("It must be submitted, approved and signed anew."),
    )


def raise_if_same_person(words: Words, person: str, verb: Verb) -> None:
    """Refuse ``verb`` by somebody who has already passed one of the gates before it.

    Raises:
        SamePersonError: names the person and both gates.
    """
    for word in words.spoken():
        if word.person == person and word.verb is not verb:
            raise SamePersonError(
                _("{person} cannot {second} what they {first} themselves.").format(
                    person=person, second=_present(verb), first=_past(word.verb)
                ),
                hint=_("Editor, reviewer and issuer are three different people."),
            )


def raise_if_author(person: str, authors: dict[int, list[str]]) -> None:
    """Refuse a reviewer or issuer through whose hands a text of the edition went.

    Raises:
        SamePersonError: names the person and the article.
    """
    for article, names in authors.items():
        if person in names:
            raise SamePersonError(
                _("{person} worked on the text of article {article} and cannot judge it.").format(
                    person=person, article=article
                ),
                hint=_("Reviewer and issuer are authors of nothing in the edition."),
            )


def _present(verb: Verb) -> str:
    return {Verb.SUBMIT: _("submit"), Verb.APPROVE: _("approve"), Verb.SIGN: _("sign")}[verb]


def _past(verb: Verb) -> str:
    return {Verb.SUBMIT: _("submitted"), Verb.APPROVE: _("approved"), Verb.SIGN: _("signed")}[verb]


def raise_if_role_unproven(
    journal: Sequence[Word], person: str, verb: Verb, units: Sequence[str], *, now: datetime
) -> None:
    """Refuse somebody about to speak to whom the journal does not give the role that ``verb`` needs, today.

    Raises:
        RoleLostError: names the role.
    """
    role = dict(GATES)[verb]
    if not is_held(journal, person=person, role=role, units=units, place=len(journal) + 1, moment=now):
        raise _role_lost(person, role)


def _role_lost(person: str, role: Role) -> RoleLostError:
    return RoleLostError(
        _("{person} does not hold the role {role} that their word needs.").format(person=person, role=role_label(role))
    )


def _check_role(journal: Sequence[Word], word: Word, role: Role, units: Sequence[str], now: datetime | None) -> None:
    moments = [(word.place, word.time), *([(len(journal) + 1, now)] if now else [])]
    for place, moment in moments:
        if not is_held(journal, person=word.person, role=role, units=units, place=place, moment=moment):
            raise _role_lost(word.person, role)

"""When an edition may leave: held against a plainly written oracle over random journals, then case by case."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import RefusedError
from newsletter.journal.statements import Verb, Word
from newsletter.workflow.approval import (
    ChangedSinceError,
    NotApprovedError,
    RoleLostError,
    SamePersonError,
    Words,
    check_words,
    words_in_force,
)
from tests.workflow.journals import CHAIN, EDITION, MOMENT, a_desk, a_grant, a_word, say

PEOPLE = ("sun", "li", "wang", "zhao")
THREE = ((Verb.SUBMIT, "li"), (Verb.APPROVE, "wang"), (Verb.SIGN, "zhao"))


def check(
    journal: list[Word],
    *,
    digest: str = "d1",
    upto: Verb = Verb.SIGN,
    now: datetime | None = MOMENT,
    **authors: list[str],
) -> Words:
    by_article = {int(article.removeprefix("a")): names for article, names in authors.items()}
    return check_words(journal, subject=EDITION, digest=digest, units=CHAIN, authors=by_article, upto=upto, now=now)


def holds(journal: list[Word], person: str, role: str, place: int) -> bool:
    """The oracle's own view of grants: replay them one by one into plain sets, admins first of all."""
    roles: dict[str, set[tuple[str, str]]] = {}
    for word in journal[: place - 1]:
        if word.verb not in (Verb.GRANT, Verb.REVOKE):
            continue
        unit = word.details["unit"]
        above = {"banjing": {"banjing", "county", "root"}, "county": {"county", "root"}, "root": {"root"}}.get(unit)
        if above is None:
            continue
        mine = roles.setdefault(word.person, set())
        if word.place > 1 and not any(("admin", place_) in mine for place_ in above):
            continue
        theirs = roles.setdefault(word.details["person"], set())
        (theirs.add if word.verb is Verb.GRANT else theirs.discard)((word.details["role"], unit))
    return any(held == role and unit in CHAIN for held, unit in roles.get(person, set()))


def may_leave(journal: list[Word], digest: str, authors: list[str]) -> bool:
    """The rule of the design, read aloud: the last submit, then an approve, then a sign, no return after the submit."""
    mine = [word for word in journal if word.subject == EDITION]
    submits = [number for number, word in enumerate(mine) if word.verb is Verb.SUBMIT]
    if not submits:
        return False
    after = mine[submits[-1] :]
    if any(word.verb is Verb.RETURN for word in after):
        return False
    approvals = [number for number, word in enumerate(after) if word.verb is Verb.APPROVE]
    if not approvals:
        return False
    signatures = [word for word in after[approvals[-1] :] if word.verb is Verb.SIGN]
    if not signatures:
        return False
    three = (after[0], after[approvals[-1]], signatures[-1])
    return (
        {word.digest for word in three} == {digest}
        and len({word.person for word in three}) == len(three)
        and not {three[1].person, three[2].person} & set(authors)
        and all(
            holds(journal, word.person, role, place)
            for word, role in zip(three, ("editor", "reviewer", "issuer"), strict=True)
            for place in (word.place, len(journal) + 1)
        )
    )


STEP = st.one_of(
    st.tuples(
        st.sampled_from([Verb.SUBMIT, Verb.APPROVE, Verb.SIGN, Verb.SUBMIT, Verb.APPROVE, Verb.SIGN, Verb.RETURN]),
        st.sampled_from(PEOPLE),
        st.sampled_from(["d1", "d1", "d1", "d2"]),
        st.sampled_from([EDITION, EDITION, EDITION, "edition:11"]),
    ),
    st.tuples(
        st.sampled_from([Verb.GRANT, Verb.REVOKE]),
        st.sampled_from(PEOPLE),
        st.sampled_from(["admin", "editor", "reviewer", "issuer"]),
        st.sampled_from(["root", "county", "banjing", "baipu"]),
        st.sampled_from(PEOPLE),
    ),
)


def write(place: int, step: Any) -> Word:
    if step[0] in (Verb.GRANT, Verb.REVOKE):
        verb, person, role, unit, by = step
        return a_grant(place, person, role, unit=unit, by=by, verb=verb)
    verb, person, digest, subject = step
    return a_word(place, verb, person, digest=digest, subject=subject)


@settings(max_examples=400, deadline=None)
@given(
    before=st.lists(STEP, max_size=6),
    between=st.lists(STEP, max_size=2),
    after=st.lists(STEP, max_size=4),
    authors=st.lists(st.sampled_from(["li", "li", "wang"]), max_size=1),
)
def test_a_text_leaves_only_if_the_oracle_says_so(
    before: list[Any], between: list[Any], after: list[Any], authors: list[str]
) -> None:
    good = [(verb, person, "d1", EDITION) for verb, person in THREE]
    steps = [*before, good[0], good[1], *between, good[2], *after]
    journal = a_desk()
    journal += [write(place, step) for place, step in enumerate(steps, start=len(journal) + 1)]
    try:
        check(journal, a3=authors)
    except RefusedError:
        leaves = False
    else:
        leaves = True
    assert leaves == may_leave(journal, "d1", authors)


def test_three_words_of_three_people_let_it_leave() -> None:
    words = check(say(a_desk(), *THREE), a3=["li"])
    assert [word.person for word in words.spoken()] == ["li", "wang", "zhao"]


@pytest.mark.parametrize("missing", range(3))
def test_each_gate_is_needed(missing: int) -> None:
    said = [word for number, word in enumerate(THREE) if number != missing]
    with pytest.raises(NotApprovedError, match=r"is not (submitted|approved|signed)"):
        check(say(a_desk(), *said))


def test_a_signature_before_the_approval_in_force_does_not_count() -> None:
    journal = say(a_desk(("qian", "reviewer")), *THREE, (Verb.APPROVE, "qian"))
    with pytest.raises(NotApprovedError, match="is not signed"):
        check(journal)
    assert words_in_force(journal, EDITION).approve == journal[-1]


def test_a_word_over_another_digest_is_void() -> None:
    with pytest.raises(ChangedSinceError, match="changed after li had submitted it"):
        check(say(a_desk(), *THREE), digest="d2")


def test_words_of_another_edition_do_not_count() -> None:
    journal = a_desk()
    journal += [
        a_word(len(journal) + place, verb, person, subject="edition:11")
        for place, (verb, person) in enumerate(THREE, start=1)
    ]
    with pytest.raises(NotApprovedError):
        check(journal)


@pytest.mark.parametrize("author", ["wang", "zhao"])
def test_who_judges_is_no_author(author: str) -> None:
    with pytest.raises(SamePersonError, match=f"{author} worked on the text of article 3"):
        check(say(a_desk(), *THREE), a3=["li", author])


def test_an_editor_may_be_an_author() -> None:
    check(say(a_desk(), *THREE), a3=["li"])


def test_a_role_given_later_does_not_mend_an_earlier_word() -> None:
    journal = [word for word in a_desk() if word.details["person"] != "wang"]
    journal = [a_grant(place, w.details["person"], w.details["role"]) for place, w in enumerate(journal, start=1)]
    said = say(journal, *THREE)
    with pytest.raises(RoleLostError, match="wang does not hold the role reviewer"):
        check([*said, a_grant(len(said) + 1, "wang", "reviewer")])


def test_a_role_taken_later_stops_the_edition() -> None:
    said = say(a_desk(), *THREE)
    with pytest.raises(RoleLostError, match="zhao"):
        check([*said, a_grant(len(said) + 1, "zhao", "issuer", verb=Verb.REVOKE)])


def test_up_to_a_gate_the_later_ones_are_not_asked_for() -> None:
    assert check(say(a_desk(), THREE[0]), upto=Verb.SUBMIT).approve is None
    assert check(say(a_desk(), *THREE[:2]), upto=Verb.APPROVE).sign is None


def test_a_deputy_must_still_hold_the_role_when_it_leaves() -> None:
    journal = a_desk()
    dates = {"from": "2026-11-20", "until": "2026-11-20", "timezone": "Asia/Shanghai"}
    journal[2] = replace(journal[2], details={**journal[2].details, **dates})
    said = say(journal, *THREE)
    check(said)
    for now in (MOMENT + timedelta(hours=8), MOMENT - timedelta(hours=17)):
        with pytest.raises(RoleLostError, match="wang does not hold the role reviewer"):
            check(said, now=now)
    late = [replace(word, time=MOMENT + timedelta(days=1)) if word.person == "wang" else word for word in said]
    with pytest.raises(RoleLostError, match="wang"):
        check(late)


def test_a_look_back_does_not_ask_whether_roles_still_hold() -> None:
    said = say(a_desk(), *THREE)
    ended = [*said, a_grant(len(said) + 1, "zhao", "issuer", verb=Verb.REVOKE)]
    assert check(ended, now=None).sign == said[-1]

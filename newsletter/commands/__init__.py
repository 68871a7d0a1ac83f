"""The commands: a file per noun; parse, call one use case, print. ``mount`` puts them all under the root."""

import typer


def mount(app: typer.Typer) -> None:
    """Put every command under the root, in the order of the desk's day."""
    from newsletter.commands import (
        articles,
        audience,
        audit,
        briefs,
        correcting,
        demo,
        desk,
        diary,
        doctor,
        editions,
        founding,
        notices,
        papers,
        penalties,
        points,
        quotas,
        review,
        sandbox,
        sending,
        sharing,
        sms,
        staff,
        stats,
        structure,
        subscribers,
        waive,
    )

    founded = (founding, demo, doctor, staff, structure, papers)
    nouns = (*founded, articles, sharing, desk, review, waive, sending, correcting, editions)
    contributing = (diary, briefs, quotas, notices, penalties, points)
    for noun in (*nouns, *contributing, subscribers, audience, stats, audit, sms, sandbox):
        noun.mount(app)

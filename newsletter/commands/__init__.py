"""The commands: a file per noun; parse, call one use case, print. ``mount`` puts them all under the root."""

import typer


def mount(app: typer.Typer) -> None:
    """Put every command under the root, in the order of the desk's day."""
    from newsletter.commands import (
        articles,
        audience,
        audit,
        branch_forms,
        briefs,
        census,
        consent,
        correcting,
        coverage,
        data_keys,
        demo,
        desk,
        diary,
        doctor,
        editions,
        founding,
        imports,
        notices,
        optouts,
        papers,
        penalties,
        people,
        points,
        privacy,
        quotas,
        replies,
        review,
        sandbox,
        sending,
        serve,
        sharing,
        sms,
        staff,
        stats,
        stats_growth,
        structure,
        subscribers,
        waive,
    )

    founded = (founding, demo, doctor, staff, structure, papers)
    nouns = (*founded, articles, sharing, desk, review, waive, sending, correcting, editions, optouts, replies, consent)
    contributing = (diary, briefs, quotas, notices, penalties, points)
    members = (subscribers, imports, census, people, privacy, branch_forms, coverage, audience, stats, stats_growth)
    for noun in (*nouns, *contributing, *members, audit, data_keys, sms, sandbox, serve):
        noun.mount(app)

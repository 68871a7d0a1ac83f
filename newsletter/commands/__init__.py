"""The commands: a file per noun; parse, call one use case, print. ``mount`` puts them all under the root."""

import typer


def mount(app: typer.Typer) -> None:
    """Put every command under the root, in the order of the desk's day."""
    from newsletter.commands import (
        articles,
        audience,
        demo,
        desk,
        doctor,
        editions,
        founding,
        sandbox,
        sending,
        sms,
        staff,
        stats,
        structure,
        subscribers,
    )

    nouns = (founding, demo, doctor, staff, structure, articles, desk, sending, editions)
    for noun in (*nouns, subscribers, audience, stats, sms, sandbox):
        noun.mount(app)

"""Says so many words in a process of its own: ``python -m tests.journal.appending NEWSROOM PERSON COUNT``."""

import sys
import time
from pathlib import Path

from newsletter import tables
from newsletter.journal.statements import Verb, append_statement
from newsletter.newsroom import open_newsroom


def main(directory: str, person: str, count: str) -> None:
    assert tables.metadata.tables
    newsroom = open_newsroom(Path(directory), actor=person)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    begun = time.time()
    for turn in range(int(count)):
        with newsroom.writing() as session:
            subject = f"edition:{turn + 1}"
            append_statement(session, newsroom, verb=Verb.RETURN, subject=subject, role="", unit="root")
            session.commit()
    sys.stdout.write(f"{begun} {time.time()}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

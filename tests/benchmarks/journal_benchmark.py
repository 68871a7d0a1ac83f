"""How long it takes to read a journal of 20,000 statements, every signature verified or from the checkpoint on."""

import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlmodel import insert

from newsletter.journal.canonical import canonical_json, sha256_text
from newsletter.journal.chain import read_journal
from newsletter.journal.staff_keys import key_store_id, load_staff_key
from newsletter.journal.statements import Statement, Verb, read_word
from newsletter.newsroom import Newsroom, system_clock
from newsletter.organisation.founding import found_newsroom

STATEMENTS: Final = 20_000
#: Times each side is measured; the median counts.
ROUNDS: Final = 5


def fill_journal(newsroom: Newsroom, count: int) -> None:
    """Add statements until there are so many, in one go."""
    with newsroom.writing() as session:
        last = session.get_one(Statement, 1)
        key, store = load_staff_key(newsroom, "sun"), key_store_id(newsroom.keys_directory)
        previous, rows = last.hash, list[dict[str, Any]]()
        time_said = max(read_word(last).time, datetime.now(UTC)).isoformat()
        for number in range(2, count + 1):
            subject = f"edition:{number // 5}"
            body = canonical_json(
                {
                    "details": {},
                    "digest": sha256_text(subject),
                    "key_store": store,
                    "newsroom": newsroom.id,
                    "number": number,
                    "person": "sun",
                    "previous": previous,
                    "role": "reviewer",
                    "subject": subject,
                    "time": time_said,
                    "unit": "root",
                    "verb": Verb.RETURN,
                }
            )
            signature = key.sign(body.encode()).hex()
            row = {"id": number, "previous": previous, "subject": subject, "body": body, "signature": signature}
            rows.append(row | {"hash": sha256_text(body)})
            previous = str(rows[-1]["hash"])
        session.connection().execute(insert(Statement), rows)
        session.commit()


def median_seconds(newsroom: Newsroom, *, trust_checkpoint: bool) -> float:
    """The median of ``ROUNDS`` readings, after one that is not counted."""
    taken = []
    for _ in range(ROUNDS + 1):
        with newsroom.reading() as session:
            start = time.perf_counter()
            assert len(read_journal(session, newsroom, trust_checkpoint=trust_checkpoint)) == STATEMENTS
            taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])


def run() -> None:
    """Print seconds of both, and their ratio."""
    with tempfile.TemporaryDirectory() as directory:
        newsroom = found_newsroom(
            Path(directory) / "newsroom",
            name="如皋党员手机报",
            signature="如皋手机报",
            admin="sun",
            environment={"NEWSLETTER_KEYS_DIR": str(Path(directory) / "keys")},
            clock=system_clock,
        )
        fill_journal(newsroom, STATEMENTS)
        every = median_seconds(newsroom, trust_checkpoint=False)
        trusting = median_seconds(newsroom, trust_checkpoint=True)
        newsroom.engine.dispose()
    print(f"{STATEMENTS:,} statements, every signature verified: {every:.2f} s (median of {ROUNDS})")
    print(f"from the checkpoint on: {trusting:.2f} s")
    print(f"ratio: {every / trusting:.1f}")


if __name__ == "__main__":
    run()

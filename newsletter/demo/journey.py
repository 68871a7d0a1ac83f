"""The sample journey: one newsroom's first editions, from articles submitted to who left, on the sandbox gateway.

Every step is a command that a person could type; ``run`` types it. So the demo shows nothing the program cannot do.
"""

import csv
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from newsletter.demo import sources
from newsletter.demo.members import write_members_csv
from newsletter.demo.messy import messy_rows
from newsletter.translation import gettext as _

MEMBER_COUNT: Final = 2_000
#: Share of messages the sandbox fails to deliver here, and the seed of everything drawn.
FAILURE_RATE: Final = 0.02
SEED: Final = 2026
#: How many readers write back that they leave, that they do not, and how many telephone.
LEAVING_COUNT: Final = 64
OTHER_COUNT: Final = 8
TELEPHONE_COUNT: Final = 3
FARMERS: Final = "farmers"
#: How many of the ranking stand in the final table: the three to be rewarded.
_RANKED_SHOWN: Final = 3

#: Types one command line as somebody, expecting one of some exit codes; returns its JSON document.
Run = Callable[[str, Sequence[str], Sequence[int]], dict[str, Any]]


@dataclass
class Told:
    """What the journey came to: lines for the final table, the files to open, and the journal for a stranger.

    ``admin_key`` is the first admin's public key, 64 hexadecimal digits; ``head`` the hash of the newest statement.
    """

    rows: list[tuple[str, str]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    journal: Path = Path("journal.json")
    admin_key: str = ""
    head: str = ""


class Journey:
    """One walk through the desk's work, in the order a county does it."""

    def __init__(self, directory: Path, run: Run) -> None:
        """``directory`` holds ``newsroom`` and ``out``; ``run`` types a command."""
        self._newsroom, self._out = directory / "newsroom", directory / "out"
        self._run_command = run
        self._random = random.Random(SEED)  # noqa: S311 (a sample, no secret)
        self._articles: dict[str, int] = {}
        self.told = Told()

    def walk(self) -> Told:
        """Do it all."""
        self._found()
        self._take_in_members()
        self._take_in_articles()
        main = self._publish_main_edition()
        self._hear_replies()
        self._import_again()
        town = self._publish_town_edition()
        department = self._publish(
            self._articles_of("nyj"),
            *("--kind", "department", "--unit", sources.DEPARTMENT_OF_THE_EDITION, "--audience", FARMERS),
        )
        self._show_editions(main, town, department)
        self._count()
        period = self._quarter()
        self._report(period)
        self._rank(period)
        self._audit()
        return self.told

    def _run(self, actor: sources.Staff, *words: str | Path, codes: Sequence[int] = (0,)) -> dict[str, Any]:
        return self._run_command(actor.name, [str(word) for word in words], codes)

    def _tell(self, what: str, result: str) -> None:
        self.told.rows.append((what, result))

    def _found(self) -> None:
        admin = sources.ADMIN
        self._out.mkdir(parents=True)
        names = ("--name", sources.NEWSROOM_NAME, "--signature", sources.SIGNATURE, "--admin", admin.name)
        self._run(admin, "init", self._newsroom, *names)
        with (self._newsroom / "newsletter.toml").open("a", encoding="utf-8") as settings:
            settings.write(f"\n[gateway.sandbox]\nfailure_rate = {FAILURE_RATE}\nseed = {SEED}\n")
        shutil.copyfile(sources.roster_path(), self._newsroom / "roster.csv")
        units = self._run(admin, "units", "import", sources.units_path())
        for column in sources.COLUMNS:
            owner = ("--unit", column.owner) if column.owner else ()
            self._run(admin, "columns", "add", column.code, column.name, *owner)
        for contributor in sources.CONTRIBUTORS:
            self._run(admin, "contributors", "add", contributor.name, "--unit", contributor.unit)
        for person in sources.STAFF:
            self._run(admin, "staff", "add", person.name, "--role", person.role, "--no-passphrase")
        desk = ", ".join(f"{person.name} ({person.role})" for person in sources.STAFF)
        self._tell(_("Units"), str(units["added"]))
        self._tell(_("Desk"), desk)

    def _take_in_members(self) -> None:
        members = self._out / "members.csv"
        write_members_csv(members, MEMBER_COUNT, seed=SEED, extra=[row.cells for row in messy_rows()])
        rejects = self._out / "rejects.csv"
        taken = self._run(sources.EDITOR, "subscribers", "import", members, "--rejects", rejects, codes=(6,))
        self._run(sources.EDITOR, "audience", "save", FARMERS, "--profession", "farmer")
        result = _("{added} added, {rejected} rows refused with line and reason")
        self._tell(_("Members imported"), result.format(**taken))

    def _take_in_articles(self) -> None:
        paths = sources.article_paths()
        taken = self._run(sources.EDITOR, "submit", *paths)["articles"]
        self._articles = {path.name: entry["article"] for path, entry in zip(paths, taken, strict=True)}
        weak = ("--contributor", sources.WEAK_CONTRIBUTOR, "--column", sources.WEAK_COLUMN)
        declined = self._run(sources.EDITOR, "submit", sources.weak_path(), *weak)["articles"][0]["article"]
        self._run(sources.EDITOR, "decline", str(declined), "--reason", sources.DECLINE_REASON)
        result = _("{count} submitted, 1 declined")
        self._tell(_("Articles"), result.format(count=len(taken) + 1))
        findings = [finding["message"] for entry in taken for finding in entry["findings"]]
        self._tell(_("Copy checks"), " ".join(findings))

    def _articles_of(self, unit: str) -> list[int]:
        listed = self._run(sources.EDITOR, "articles", "--unit", unit)["articles"]
        return sorted(row["article"] for row in listed if row["stage"] != "declined")

    def _publish_main_edition(self) -> dict[str, Any]:
        """With everything that can go wrong on the way: an early send, a return, an edit, the same person twice."""
        articles = [article for name, article in self._articles.items() if name != sources.TOWN_ARTICLE]
        edition = self._draft(articles)
        early = self._run(sources.ISSUER, "send", edition, "--yes", codes=(4,))
        self._tell(_("Sent before approval"), _("refused: {reason}").format(reason=early["error"]["message"]))
        self._run(sources.REVIEWER, "return", edition, "--reason", sources.RETURN_REASON)
        slip = str(self._articles[sources.SLIP_ARTICLE])
        mended = self._out / "mended.md"
        sources.write_mended(mended)
        self._run(sources.EDITOR, "edit", slip, "--file", mended)
        mended.unlink()
        self._run(sources.EDITOR, "draft", slip, "--edition", edition, "--submit")
        own = self._run(sources.EDITOR, "approve", edition, codes=(4,))
        self._tell(_("Approved by its editor"), _("refused: {reason}").format(reason=own["error"]["message"]))
        self._run(sources.REVIEWER, "approve", edition)
        self._run(sources.ISSUER, "sign", edition)
        return self._run(sources.ISSUER, "send", edition, "--yes", codes=(0, 6))

    def _publish_town_edition(self) -> dict[str, Any]:
        """Returned once, with the error on record and other words suggested, which the editor takes over."""
        options = ("--kind", "town", "--unit", sources.TOWN_OF_THE_EDITION)
        edition = self._draft(self._articles_of(sources.TOWN_OF_THE_EDITION), *options)
        wrong, right, article = sources.LEADER_SLIP, sources.LEADER_NAME, str(self._articles[sources.TOWN_ARTICLE])
        said = self._run(
            sources.REVIEWER, "return", edition,
            *("--reason", sources.TOWN_RETURN_REASON, "--error", "leader", "--article", article, "--quote", wrong),
            *("--suggest", wrong, right),
        )  # fmt: skip
        self._run(sources.EDITOR, "accept", edition)
        self._run(sources.EDITOR, "draft", "--edition", edition, "--submit")
        result = _("returned: {faults} error on record, {wrong} → {right} suggested and accepted")
        self._tell(_("Town's edition in review"), result.format(faults=len(said["faults"]), wrong=wrong, right=right))
        return self._approve_and_send(edition)

    def _publish(self, articles: Sequence[int], *options: str) -> dict[str, Any]:
        return self._approve_and_send(self._draft(articles, *options))

    def _draft(self, articles: Sequence[int], *options: str) -> str:
        return str(self._run(sources.EDITOR, "draft", *map(str, articles), *options, "--submit")["edition"])

    def _approve_and_send(self, edition: str) -> dict[str, Any]:
        self._run(sources.REVIEWER, "approve", edition)
        return self._run(sources.ISSUER, "send", edition, "--yes", codes=(0, 6))

    def _hear_replies(self) -> None:
        numbers = self._random.sample(self._numbers(), LEAVING_COUNT + OTHER_COUNT + TELEPHONE_COUNT)
        replies = self._draw(sources.OPT_OUT_REPLIES, LEAVING_COUNT) + self._draw(sources.OTHER_REPLIES, OTHER_COUNT)
        heard: dict[str, int] = {"out": 0, "unclear": 0, "none": 0}
        for number, text in zip(numbers, replies, strict=False):
            heard[self._run(sources.ISSUER, "sandbox", "reply", number, text)["meaning"]] += 1
        for number in numbers[-TELEPHONE_COUNT:]:
            reason = ("--reason", sources.TELEPHONE_REASON, "--source", "phone")
            self._run(sources.ISSUER, "optout", number, *reason)
        result = _("{out} left by reply, {phone} by telephone; {unclear} replies wait for a person")
        self._tell(_("Replies"), result.format(phone=TELEPHONE_COUNT, **heard))

    def _draw(self, replies: Sequence[sources.Reply], count: int) -> list[str]:
        weights = [reply.weight for reply in replies]
        return [reply.text for reply in self._random.choices(replies, weights, k=count)]

    def _numbers(self) -> list[str]:
        with (self._out / "members.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))[:MEMBER_COUNT]
        return sorted({row["手机号"] for row in rows})

    def _import_again(self) -> None:
        again = self._run(sources.EDITOR, "subscribers", "import", self._out / "members.csv", codes=(6,))
        result = _("{unchanged} unchanged; {suppressed} of them left and stay left")
        self._tell(_("Imported again"), result.format(**again))

    def _show_editions(self, *reports: dict[str, Any]) -> None:
        titles = (_("Main edition"), _("Town's dedicated edition"), _("Department's dedicated edition"))
        result = _("{audience} numbers: {delivered} delivered, {failed} failed, {suppressed} not written to")
        for title, report in zip(titles, reports, strict=True):
            ledger = report["ledger"]
            failed = ledger["failed"] + ledger["undelivered"]
            counts = {"delivered": ledger["delivered"], "suppressed": ledger["suppressed"], "failed": failed}
            self._tell(title, result.format(audience=report["audience"], **counts))
            shown = self._run(sources.EDITOR, "preview", str(report["edition"]), "--out", self._out)
            self.told.files.append(Path(shown["archive"]))

    def _count(self) -> None:
        path = self._out / "unsubscribes.csv"
        by = ("--by", "region", "--by", "profession")
        self._run(sources.ANALYST, "stats", "unsubscribes", *by, "--format", "csv", "--out", path)
        chart = self._out / "unsubscribes.svg"
        total = self._run(sources.ANALYST, "stats", "unsubscribes", "--by", "region", "--chart", chart)["total"]
        result = _("{unsubscribed} of {delivered} deliveries ({rate:.2%}); {unattributed} more had not been reached")
        self._tell(_("Unsubscribed"), result.format(**total))
        self.told.files += [path, chart]

    def _quarter(self) -> str:
        """The quarter of the newest edition, as ``--period`` takes it."""
        newest = date.fromisoformat(self._run(sources.EDITOR, "editions")["editions"][0]["date"])
        return f"{newest.year}Q{(newest.month + 2) // 3}"

    def _report(self, period: str) -> None:
        """What the chief reads."""
        path = self._out / "report.pdf"
        self._run(sources.ANALYST, "stats", "report", "--period", period, "--out", path)
        self.told.files.append(path)

    def _rank(self, period: str) -> None:
        """Who earned what in the quarter."""
        bulletin = self._out / "bulletin.pdf"
        ranked = self._run(sources.EDITOR, "points", "rank", "--period", period, "--bulletin", bulletin)
        first = ", ".join(f"{row['name']} {row['points']:g}" for row in ranked["contributors"][:_RANKED_SHOWN])
        self._tell(_("Points, {period}").format(period=period), first)
        self.told.files.append(bulletin)

    def _audit(self) -> None:
        """Everything checked against the journal, and the journal written out for a stranger to check."""
        audit = self._run(sources.ADMIN, "audit", "verify")
        result = _("whole: {statements} signed statements, {editions} signed editions")
        counts = {"statements": audit["statements"], "editions": len(audit["editions"])}
        self._tell(_("Audit"), result.format(**counts))
        if audit["notes"]:
            self._tell(_("Noted by the audit"), " ".join(audit["notes"]))
        self.told.journal = self._out / "journal.json"
        self._run(sources.ADMIN, "audit", "export", self.told.journal)
        self.told.admin_key = self._run(sources.ADMIN, "staff", "key", "show")["public_key"]
        self.told.head = audit["head"]

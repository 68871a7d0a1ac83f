"""What ``doctor`` looks at of staff keys and the journal."""

from typing import TYPE_CHECKING

from newsletter.commands.checkup import Check, attempt
from newsletter.errors import NewsletterError
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from newsletter.newsroom import Newsroom
    from newsletter.organisation.key_files import KeyReport


def check_staff_keys(newsroom: "Newsroom", *, has_database: bool) -> list[Check]:
    """Whose keys lie here, and whether they are those the journal knows, with the passphrases they should have."""
    checks = [_check_company(newsroom.local_staff())]
    for name in newsroom.local_staff() if has_database else ():
        try:
            checks += _check_key(newsroom, name)
        except NewsletterError as error:
            checks.append(Check("staff keys", False, error.message, error.hint))
    return checks


def _check_company(names: list[str]) -> Check:
    if len(names) > 1:
        message = _("{count} people's keys lie here ({names}): whoever reads them can act as each of them.")
        hint = _("Let everybody keep their own key on their own machine.")
        return Check("staff keys", False, message.format(count=len(names), names=", ".join(names)), hint)
    return Check("staff keys", True, ", ".join(names) or _("none here"))


def _check_key(newsroom: "Newsroom", name: str) -> list[Check]:
    from newsletter.journal.staff_keys import has_passphrase, public_line, staff_key_path
    from newsletter.keys import read_secret_file
    from newsletter.organisation.key_files import report_key

    encoded = read_secret_file(staff_key_path(newsroom.keys_directory, name))
    if has_passphrase(encoded) and not public_line(encoded):
        return []  # nobody is asked for a passphrase only to look
    return [Check("staff keys", False, *said) for said in _remarks(newsroom, report_key(newsroom, name))]


def _remarks(newsroom: "Newsroom", report: "KeyReport") -> list[tuple[str, str]]:
    from newsletter.organisation.key_files import KeyState

    name = report.name
    if report.state is KeyState.OTHER:
        message = _("The key of {name} on this machine is not the one they were enrolled with.").format(name=name)
        return [(message, _("Restore staff/{name}.key from its backup.").format(name=name))]
    if report.state is KeyState.RETIRED:
        return [(_("{name} has left, and their key still lies here.").format(name=name), _("Delete it."))]
    if not report.has_passphrase and _has_gate_role(newsroom, name):
        hint = _("Replace it by one with a passphrase: newsletter staff key rotate --passphrase")
        return [(_("The key of {name}, who approves or signs, has no passphrase.").format(name=name), hint)]
    return []


def _has_gate_role(newsroom: "Newsroom", name: str) -> bool:
    from newsletter.organisation.roles import GATE_ROLES
    from newsletter.organisation.staff import UnknownStaffError, get_staff, list_grants

    with newsroom.reading() as session:
        try:
            staff = get_staff(session, name)
        except UnknownStaffError:
            return False
        return any(grant.role in GATE_ROLES for grant in list_grants(session, newsroom, staff.id or 0))


def check_journal(newsroom: "Newsroom") -> list[Check]:
    """Whom this machine believes, whether the journal is whole, and whether the clock lets anybody add to it."""
    return [
        attempt("first admin", lambda: _look_at_trust(newsroom)),
        attempt("journal", lambda: _look_at_journal(newsroom)),
        attempt("clock", lambda: _look_at_clock(newsroom)),
    ]


def _look_at_trust(newsroom: "Newsroom") -> str:
    from newsletter.journal.staff_keys import trusted_admin_key

    return trusted_admin_key(newsroom)


def _look_at_journal(newsroom: "Newsroom") -> str:
    from newsletter.journal.chain import read_journal

    with newsroom.reading() as session:
        return _("{count} statements, none altered").format(count=len(read_journal(session, newsroom)))


def _look_at_clock(newsroom: "Newsroom") -> str:
    from sqlmodel import col, select

    from newsletter.journal.statements import Statement, next_time, read_word

    with newsroom.reading() as session:
        last = session.exec(select(Statement).order_by(col(Statement.id).desc()).limit(1)).first()
        return (
            next_time(newsroom, read_word(last) if last else None)
            .astimezone(newsroom.timezone)
            .isoformat(sep=" ", timespec="seconds")
        )

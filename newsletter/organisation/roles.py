"""Roles, and what each may do. Pure: no clock, no database. The table is printed in docs/reference/workflow.md."""

from enum import StrEnum
from typing import Final

from newsletter.translation import gettext as _
from newsletter.translation import mark


class Role(StrEnum):
    """A role given to one person for one unit's subtree."""

    ADMIN = "admin"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    ISSUER = "issuer"
    OPERATOR = "operator"
    ANALYST = "analyst"


#: What the interface calls each role.
ROLE_LABELS: Final = {
    Role.ADMIN: mark("admin"),
    Role.EDITOR: mark("editor"),
    Role.REVIEWER: mark("reviewer"),
    Role.ISSUER: mark("issuer"),
    Role.OPERATOR: mark("operator"),
    Role.ANALYST: mark("analyst"),
}


def role_label(role: str) -> str:
    """The role in the user's language, with the word that commands take where that is another."""
    label = _(ROLE_LABELS[Role(role)])
    return label if label == role else f"{label} {role}"


class Right(StrEnum):
    """Something that not everybody on staff may do."""

    STRUCTURE = "structure"
    STAFF = "staff"
    AUDIT = "audit"
    IMPORT = "import"
    ARTICLES = "articles"
    UNLOCK = "unlock"
    DRAFTS = "drafts"
    AUDIENCES = "audiences"
    APPROVE = "approve"
    RETURN = "return"
    WAIVE = "waive"
    SIGN = "sign"
    SEND = "send"
    OPT_OUT = "opt-out"
    SANDBOX = "sandbox"
    RECONCILE = "reconcile"
    STATISTICS = "statistics"
    REVEAL = "reveal"
    EXPORT = "export"
    ERASE = "erase"
    RETENTION = "retention"
    DATA_KEY = "data-key"
    CONSENT = "consent"
    REPLIES = "replies"
    DEPARTURES = "departures"
    NOTICES = "notices"
    POINTS = "points"
    RULES = "rules"
    RECORD_ERRORS = "record-errors"
    JUDGE_APPEALS = "judge-appeals"
    DECIDE_ERRORS = "decide-errors"


#: right -> roles that have it; what is not here (list, show, preview, status) everyone on staff may do.
RIGHTS: Final[dict[Right, frozenset[Role]]] = {
    Right.STRUCTURE: frozenset({Role.ADMIN}),
    Right.STAFF: frozenset({Role.ADMIN}),
    Right.AUDIT: frozenset({Role.ADMIN}),
    Right.IMPORT: frozenset({Role.ADMIN, Role.EDITOR}),
    Right.ARTICLES: frozenset({Role.EDITOR}),
    Right.UNLOCK: frozenset({Role.ADMIN}),
    Right.DRAFTS: frozenset({Role.EDITOR}),
    Right.AUDIENCES: frozenset({Role.EDITOR}),
    Right.APPROVE: frozenset({Role.REVIEWER}),
    Right.RETURN: frozenset({Role.REVIEWER}),
    Right.WAIVE: frozenset({Role.EDITOR, Role.REVIEWER}),
    Right.SIGN: frozenset({Role.ISSUER}),
    Right.SEND: frozenset({Role.ISSUER, Role.OPERATOR}),
    Right.OPT_OUT: frozenset({Role.ISSUER}),
    Right.SANDBOX: frozenset({Role.ISSUER}),
    Right.RECONCILE: frozenset({Role.ISSUER}),
    Right.STATISTICS: frozenset({Role.ANALYST}),
    Right.REVEAL: frozenset({Role.ADMIN}),
    Right.EXPORT: frozenset({Role.ADMIN}),
    Right.ERASE: frozenset({Role.ADMIN}),
    Right.RETENTION: frozenset({Role.ADMIN}),
    Right.DATA_KEY: frozenset({Role.ADMIN}),
    Right.CONSENT: frozenset({Role.ADMIN, Role.ISSUER}),
    Right.REPLIES: frozenset({Role.ISSUER}),
    Right.DEPARTURES: frozenset({Role.ISSUER}),
    Right.NOTICES: frozenset({Role.EDITOR, Role.ISSUER, Role.OPERATOR}),
    Right.POINTS: frozenset({Role.EDITOR, Role.ISSUER}),
    Right.RULES: frozenset({Role.ADMIN}),
    Right.RECORD_ERRORS: frozenset({Role.EDITOR, Role.REVIEWER, Role.ISSUER, Role.OPERATOR, Role.ANALYST}),
    Right.JUDGE_APPEALS: frozenset({Role.REVIEWER, Role.ISSUER, Role.ADMIN}),
    Right.DECIDE_ERRORS: frozenset({Role.ISSUER}),
}

#: Roles whose key is expected to have a passphrase: theirs are the words that let a text out.
GATE_ROLES: Final = frozenset({Role.REVIEWER, Role.ISSUER})

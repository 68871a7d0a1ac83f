"""Consent and leaving: the consent ledger, reasons in confidence, replies handled, links to leave by."""

import sqlalchemy as sa
from alembic import op

import newsletter.instants
from newsletter.migrations.append_only import refuse_changes

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "consent_wording",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", newsletter.instants.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_table(
        "consent_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number_key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("wording_version", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", newsletter.instants.Instant(), nullable=False),
        sa.Column("recorded_at", newsletter.instants.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["wording_version"], ["consent_wording.version"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_consent_event_number_key"), "consent_event", ["number_key"], unique=False)
    for table in ("consent_wording", "consent_event"):
        refuse_changes(table)
    for owner, text in (("consent_event", "proof"), ("optout_event", "note")):
        op.create_table(
            f"{owner.removesuffix('_event')}_{text}",
            sa.Column("event_id", sa.Integer(), nullable=False),
            sa.Column(text, sa.LargeBinary(), nullable=False),
            sa.ForeignKeyConstraint(["event_id"], [f"{owner}.id"]),
            sa.PrimaryKeyConstraint("event_id"),
        )
    op.add_column("reply", sa.Column("verdict", sa.String(length=10), server_default=sa.text("''"), nullable=False))
    op.add_column(
        "reply",
        sa.Column("handled_by", sa.Integer(), sa.ForeignKey("staff.id"), nullable=True),
        inline_references=True,
    )
    op.add_column("reply", sa.Column("handled_at", newsletter.instants.Instant(), nullable=True))
    op.add_column(
        "reply",
        sa.Column("event_id", sa.Integer(), sa.ForeignKey("optout_event.id"), nullable=True),
        inline_references=True,
    )
    op.add_column("delivery", sa.Column("piece", sa.String(length=10), server_default="sms", nullable=False))
    op.add_column("dispatch", sa.Column("full_part_count", sa.Integer(), nullable=True))
    op.create_table(
        "link_token",
        sa.Column("token", sa.String(length=16), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("number_key", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"]),
        sa.PrimaryKeyConstraint("token"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "optout_confirmation",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("changed_at", newsletter.instants.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["optout_event.id"]),
        sa.PrimaryKeyConstraint("event_id"),
    )

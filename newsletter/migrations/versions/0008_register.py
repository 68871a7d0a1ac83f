"""The register: what happened to people, preferences and present places, censuses, numbers that cannot be used."""

import sqlalchemy as sa
from alembic import op

import newsletter.instants
from newsletter.migrations.append_only import refuse_changes

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

#: Everybody on the register so far joined when they were first recorded.
_JOINED = """
INSERT INTO member_event (subscriber_id, kind, unit_id, region_code, profession, standing, mobile, retired, status,
    source, at)
SELECT id, 'joined', unit_id, region_code, profession, standing, mobile, retired, status, 'upgrade', created_at
FROM subscriber ORDER BY id
"""


def upgrade() -> None:
    """Apply."""
    op.add_column("unit", sa.Column("known_members", sa.Integer(), nullable=True))
    op.add_column("unit", sa.Column("known_members_at", newsletter.instants.Instant(), nullable=True))
    op.add_column(
        "subscriber", sa.Column("channel", sa.String(length=10), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "subscriber", sa.Column("language", sa.String(length=5), server_default=sa.text("''"), nullable=False)
    )
    op.add_column("subscriber", sa.Column("large_type", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("subscriber", sa.Column("place", sa.LargeBinary(), nullable=True))
    op.add_column(
        "subscriber", sa.Column("place_region", sa.String(length=6), server_default=sa.text("''"), nullable=False)
    )
    op.create_table(
        "member_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("profession", sa.String(length=20), nullable=False),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.Column("mobile", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("other_unit_id", sa.Integer(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", newsletter.instants.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["other_unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute(_JOINED)
    op.create_index("ix_member_event_person", "member_event", ["subscriber_id", "id"], unique=False)
    op.create_index("ix_member_event_at", "member_event", ["at"], unique=False)
    op.create_table(
        "census",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("without_number", sa.Integer(), nullable=False),
        sa.Column("invalid_number", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", newsletter.instants.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_census_unit_id"), "census", ["unit_id"], unique=False)
    op.create_table(
        "unusable_number",
        sa.Column("number_key", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("since", newsletter.instants.Instant(), nullable=False),
        sa.Column("lifted_at", newsletter.instants.Instant(), nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.Column("lifted_reason", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"]),
        sa.ForeignKeyConstraint(["lifted_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("number_key"),
    )
    refuse_changes("member_event")
    for name, columns in (("region", ["status", "region_code"]), ("unit", ["unit_id", "status"])):
        op.drop_index(f"ix_subscriber_{name}", "subscriber")
        op.create_index(f"ix_subscriber_{name}", "subscriber", [*columns, "number_key"], unique=False)

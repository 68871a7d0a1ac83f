"""Keys: the days on which a role holds; a key is one person's."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("staff_grant", sa.Column("valid_from", sa.Date(), nullable=True))
    op.add_column("staff_grant", sa.Column("valid_until", sa.Date(), nullable=True))
    op.create_index(op.f("ix_staff_public_key"), "staff", ["public_key"], unique=True)

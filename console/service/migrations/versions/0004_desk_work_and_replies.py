"""The agency's own work on the feed, its history, and canned replies"""

from alembic import op
import sqlalchemy as sa


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "desk_items",
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("agency", "post", name=op.f("pk_desk_items")),
    )
    with op.batch_alter_table("desk_items", schema=None) as batch_op:
        batch_op.create_index("ix_desk_items_agency_changed", ["agency", "changed", "post"], unique=False)

    op.create_table(
        "desk_lines",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reverted_by", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_desk_lines")),
    )
    with op.batch_alter_table("desk_lines", schema=None) as batch_op:
        batch_op.create_index("ix_desk_lines_agency_post", ["agency", "post", "number"], unique=False)
        batch_op.create_index("ix_desk_lines_member_key", ["member", "key"], unique=False)

    op.create_table(
        "replies",
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("agency", "id", name=op.f("pk_replies")),
    )

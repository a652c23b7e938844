"""What may be seen of posts and comments, who wrote them, corrections, and by which event a post last changed"""

from alembic import op
import sqlalchemy as sa


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("neighbour", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("visibility", sa.Text(), server_default="public", nullable=False))
        batch_op.add_column(sa.Column("comments_closed", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("alert", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("changed", sa.BigInteger(), server_default="0", nullable=False))
        batch_op.create_index("ix_posts_agency_changed", ["agency", "changed", "id"], unique=False)

    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("visibility", sa.Text(), server_default="public", nullable=False))
        batch_op.add_column(sa.Column("public_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("corrects", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("member", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("neighbour", sa.Text(), server_default="", nullable=False))

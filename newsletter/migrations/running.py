"""Bringing a database to this program's schema. Alembic is imported here only: it takes a third of a second."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

if TYPE_CHECKING:
    from alembic.config import Config


def upgrade_schema(engine: Engine) -> None:
    """Run every migration the database has not seen; one transaction, so that an interruption leaves it as it was."""
    from alembic import command

    with engine.begin() as connection:
        configuration = migration_configuration()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")


def migration_configuration() -> "Config":
    """Alembic's settings, made here so that no ``alembic.ini`` is needed at run time."""
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent))
    return configuration

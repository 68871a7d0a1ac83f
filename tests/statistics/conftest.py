"""A newsroom with nothing but what statistics read, on SQLite and, where there is one, on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter.database import open_engine, sqlite_url
from newsletter.newsroom import DATABASE_FILE
from newsletter.tables import metadata
from newsletter.translation import use_language
from tests.statistics.ledgers import Desk


@pytest.fixture(autouse=True)
def _speak_english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("en")


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(tmp_path / DATABASE_FILE))
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_engine(postgres_database: str) -> Iterator[Engine]:
    engine = open_engine(postgres_database)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(sqlite_engine: Engine, tmp_path: Path) -> Desk:
    """An empty newsroom on SQLite that shows every group."""
    return Desk.found(sqlite_engine, tmp_path)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    """The same, on either database."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    return Desk.found(engine, tmp_path)

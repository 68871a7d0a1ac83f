"""A newsroom whose edition carries links, and a browser that follows them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.newsroom import Newsroom, open_newsroom
from newsletter.web.application import create_app
from tests.web.browsing import Browser
from tests.web.newsrooms import found_linked, plan_with_tokens


@pytest.fixture(scope="session")
def founded_linked(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return found_linked(founded, tmp_path_factory.mktemp("linked") / "root")


@pytest.fixture
def linked(founded_linked: Path, tmp_path: Path) -> Iterator[Newsroom]:
    """This test's own copy; nobody acts in it, as in a web server."""
    shutil.copytree(founded_linked / "newsroom", tmp_path / "newsroom")
    shutil.copytree(founded_linked / "keys", tmp_path / "keys")
    opened = open_newsroom(tmp_path / "newsroom")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def tokens(linked: Newsroom) -> list[str]:
    """The tokens of the edition's recipients."""
    return list(plan_with_tokens(linked).values())


@pytest.fixture
def browser(linked: Newsroom) -> Browser:
    """Follows links; an error of ours would be an error of the test."""
    return Browser(create_app(linked))

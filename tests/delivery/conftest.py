"""A newsroom with twelve members and a signed edition, made once a run and copied; and its ledger read."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsletter.delivery import reconciling, sending
from newsletter.newsroom import Newsroom, open_newsroom
from tests.delivery.editions import a_signed_edition, add_members
from tests.delivery.gateways import ObedientGateway

MEMBERS = 12
#: The signed edition of ``ready``.
EDITION = 1


@pytest.fixture(scope="session")
def founded_ready(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The founded newsroom with members and a signed edition; copied, never changed."""
    root = tmp_path_factory.mktemp("ready") / "root"
    shutil.copytree(founded, root)
    newsroom = open_newsroom(root / "newsroom", environment={"NEWSLETTER_KEYS_DIR": str(root / "keys")})
    add_members(newsroom, MEMBERS)
    assert a_signed_edition(newsroom) == EDITION
    newsroom.engine.dispose()
    return root


@pytest.fixture
def ready_directory(founded_ready: Path, tmp_path: Path) -> Path:
    """This test's own copy."""
    shutil.copytree(founded_ready / "newsroom", tmp_path / "newsroom")
    shutil.copytree(founded_ready / "keys", tmp_path / "keys")
    return tmp_path / "newsroom"


@pytest.fixture
def ready(ready_directory: Path) -> Iterator[Newsroom]:
    """The opened copy, with the issuer at the desk."""
    opened = open_newsroom(ready_directory, actor="zhao")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def use_gateway(monkeypatch: pytest.MonkeyPatch) -> Callable[[ObedientGateway], ObedientGateway]:
    """Puts a gateway in the sandbox's place."""

    def use(gateway: ObedientGateway) -> ObedientGateway:
        for room in (sending, reconciling):
            monkeypatch.setattr(room, "open_gateway", lambda _newsroom: gateway)
        return gateway

    return use

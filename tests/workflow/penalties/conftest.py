"""A newsroom whose first edition has left, with errors in it by a contributor and by the editor."""

from pathlib import Path

import pytest

from tests.acceptance.furnished import copy_of, furnish
from tests.texts import a_subscriber_file, an_article_file

#: As the town sent it: 座坛会 in the title, 板橙会 twice in the text, 三段何道 once.
SENT_IN = "十一月十六日,搬经镇开了一场板橙会,党员和群众坐在一起商量清淤的事。板橙会定下了三段何道。会后就散了。"
#: As the editor left it: a leader's name is wrong now.
EDITED = SENT_IN.replace("党员和群众", "市委书记王建囯和群众")


@pytest.fixture(scope="session")
def recorded(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Edition 1 holds articles 1 (revision 2) and 2, and was sent; article 3 waits; chen is a reviewer besides."""
    root = tmp_path_factory.mktemp("recorded")
    first = an_article_file(root, "座坛会开到田头", body=SENT_IN)
    edited = an_article_file(root, "座坛会开到田头", body=EDITED, name="edited.md")
    others = [an_article_file(root, title, contributor="顾春禾") for title in ("河道清淤", "秋粮入库")]
    lines = [
        ("sun", ("staff", "grant", "chen", "--role", "reviewer")),
        ("li", ("subscribers", "import", a_subscriber_file(root, 2))),
        ("li", ("submit", first, *others)),
        ("li", ("edit", 1, "--file", edited)),
        ("li", ("draft", 1, 2, "--submit")),
        ("wang", ("approve", 1)),
        ("zhao", ("send", 1, "--yes")),
    ]
    return furnish(founded, root, lines)


@pytest.fixture
def newsroom_directory(recorded: Path, tmp_path: Path) -> Path:
    return copy_of(recorded, tmp_path)

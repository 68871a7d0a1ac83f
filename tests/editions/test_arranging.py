"""What renderers are given of an edition's records."""

from pathlib import Path

from newsletter.editions.arranging import arrange_edition
from newsletter.editions.records import get_edition
from newsletter.newsroom import Newsroom
from tests.command_line import CommandLine
from tests.texts import an_article_file


def test_a_joint_byline_names_everybody_the_owner_first(shell: CommandLine, newsroom: Newsroom, tmp_path: Path) -> None:
    shell.ask("submit", an_article_file(tmp_path), "--contributor", "顾春禾", "--contributor", "陆小满", by="li")
    shell.ask("draft", 1, by="li")
    with newsroom.reading() as session:
        layout = arrange_edition(session, newsroom, get_edition(session, 1))
    assert [item.contributor for column in layout.columns for item in column.items] == ["顾春禾 陆小满"]

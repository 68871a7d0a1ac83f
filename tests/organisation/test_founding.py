"""Making a newsroom: all of it or nothing, and nothing over what is there."""

from pathlib import Path

import pytest

from newsletter.newsroom import Newsroom, open_newsroom
from newsletter.organisation import founding
from newsletter.organisation.founding import found_newsroom
from tests.command_line import CommandLine


def init(shell: CommandLine, directory: Path, *more: object, code: int = 0) -> dict[str, object]:
    answer: dict[str, object] = shell.ask(
        "init", directory, "--name", "如皋手机报", "--signature", "如皋手机报", *more, code=code
    )
    return answer


def files(root: Path) -> set[Path]:
    return {path for path in root.rglob("*") if path.is_file()}


def test_a_new_newsroom_can_be_opened_at_once(shell: CommandLine, tmp_path: Path) -> None:
    made = init(shell, tmp_path / "new", "--admin", "he")
    opened = open_newsroom(tmp_path / "new")
    assert opened.id == made["newsroom"]
    assert opened.acting_name() == "he"
    assert Path(str(made["keys"])).stat().st_mode & 0o777 == 0o700
    assert tmp_path / "new" not in Path(str(made["keys"])).parents, "keys lie outside the newsroom"
    opened.engine.dispose()


def test_making_it_twice_is_refused_and_changes_nothing(shell: CommandLine, tmp_path: Path) -> None:
    init(shell, tmp_path / "new")
    before = {path: path.read_bytes() for path in files(tmp_path)}
    error = init(shell, tmp_path / "new", code=4)["error"]
    assert isinstance(error, dict)
    assert error["code"] == "newsroom_exists"
    assert {path: path.read_bytes() for path in files(tmp_path)} == before


@pytest.mark.parametrize(
    "wrong",
    [("--signature", "如"), ("--signature", "【如皋】"), ("--name", ""), ("--admin", "a b"), ("--name", "长" * 81)],
)
def test_wrong_words_make_nothing(shell: CommandLine, tmp_path: Path, wrong: tuple[str, str]) -> None:
    before = files(tmp_path)
    init(shell, tmp_path / "new", *wrong, code=2)
    assert files(tmp_path) == before
    assert not (tmp_path / "new").exists()


def test_trouble_half_way_leaves_nothing_behind(
    shell: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(tmp_path)

    def interrupt(*_arguments: object, **_words: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(founding, "_write_settings", interrupt)
        assert shell.type("init", tmp_path / "new", "--name", "报", "--signature", "党报", code=None).code == 130
    assert files(tmp_path) == before
    init(shell, tmp_path / "new")


@pytest.mark.parametrize("url", ["nonsense", "nosuch://x/y", "postgresql://desk:secret@localhost/x"])
def test_an_address_of_no_database_makes_nothing(shell: CommandLine, tmp_path: Path, url: str) -> None:
    before = files(tmp_path)
    error = init(shell, tmp_path / "new", "--database-url", url, code=2)["error"]
    assert isinstance(error, dict)
    assert "secret" not in str(error)
    assert files(tmp_path) == before


def test_names_are_kept_as_they_are_written(newsroom: Newsroom, tmp_path: Path) -> None:
    made = found_newsroom(
        tmp_path / "quoted",
        name='他说"报"\\纸',
        signature="党报",
        admin="he",
        environment={"NEWSLETTER_KEYS_DIR": str(tmp_path / "other")},
        clock=newsroom.clock,
    )
    made.engine.dispose()
    opened = open_newsroom(tmp_path / "quoted", environment={"NEWSLETTER_KEYS_DIR": str(tmp_path / "other")})
    assert opened.settings.newsroom.name == '他说"报"\\纸'
    opened.engine.dispose()

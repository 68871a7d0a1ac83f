"""A file is written whole or not at all."""

import os
from pathlib import Path

import pytest

from newsletter.files import UnwritableError, write_whole


def test_a_file_is_written_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    write_whole(target, b"new")
    write_whole(target, b"newer")
    assert target.read_bytes() == b"newer"
    assert list(tmp_path.iterdir()) == [target]


def test_a_new_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    target, held = tmp_path / "out.csv", tmp_path / "held.csv"
    target.write_bytes(b"old")
    held.hardlink_to(target)
    write_whole(target, b"new")
    assert (target.read_bytes(), held.read_bytes()) == (b"new", b"old"), "never written over piece by piece"


def test_a_file_is_readable_as_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "out.csv", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "out.csv").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("place", ["missing/out.csv", "file/out.csv", "directory"])
def test_an_unwritable_place_is_outside_trouble_that_names_it(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "directory").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UnwritableError, match=place.split("/", maxsplit=1)[0]) as caught:
        write_whole(tmp_path / place, b"x")
    assert caught.value.exit_code == 5
    assert sorted(tmp_path.rglob("*")) == before


def test_what_stood_there_stays_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.csv"
    target.write_bytes(b"old")

    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(UnwritableError, match="No space"):
        write_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]

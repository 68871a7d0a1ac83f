"""``newsletter.toml``: what it may say, and exactly what is wrong when it says something else."""

from datetime import time
from pathlib import Path

import pytest

from newsletter.errors import OutsideError
from newsletter.settings import PROMOTIONAL_WINDOW, SettingsError, known_keys, read_settings

NEWSROOM = '[newsroom]\nid = "00000000deadbeef"\nname = "手机报"\n'


def write(directory: Path, text: str, *, newsroom: str = NEWSROOM) -> Path:
    path = directory / "newsletter.toml"
    path.write_text(newsroom + text, encoding="utf-8")
    return path


def refused(directory: Path, text: str, *, newsroom: str = NEWSROOM) -> SettingsError:
    with pytest.raises(SettingsError) as refusal:
        read_settings(write(directory, text, newsroom=newsroom))
    assert "newsletter.toml" in refusal.value.message
    assert "\n" not in refusal.value.message
    return refusal.value


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    settings = read_settings(write(tmp_path, ""))
    assert settings.gateway.kind == "sandbox"
    assert settings.gateway.sandbox.failure_rate == 0
    assert settings.newsroom.timezone == "Asia/Shanghai"
    assert settings.privacy.small_count == 5
    assert settings.window is None


@pytest.mark.parametrize(
    ("text", "unknown", "nearest"),
    [
        ("[sending]\nwindw = 'x'", "sending.windw", "sending.window"),
        ("[gateway]\nkid = 'sandbox'", "gateway.kid", "gateway.kind"),
        ("[gateway.sandbox]\nfailure = 0.5", "gateway.sandbox.failure", "gateway.sandbox.failure_rate"),
        ("[gateways]\nkind = 'sandbox'", "gateways", "gateway"),
        ("[privacy]\nsmallcount = 3", "privacy.smallcount", "privacy.small_count"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known(
    tmp_path: Path, text: str, unknown: str, nearest: str
) -> None:
    error = refused(tmp_path, text)
    assert f"unknown setting {unknown}." in error.message
    assert error.hint == f"Did you mean {nearest}?"


def test_a_misspelt_table_is_named_rather_than_called_missing(tmp_path: Path) -> None:
    error = refused(tmp_path, "", newsroom=NEWSROOM.replace("newsroom", "newsrom"))
    assert "unknown setting newsrom." in error.message
    assert error.hint == "Did you mean newsroom?"


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    assert "setting newsroom is missing" in refused(tmp_path, "", newsroom="").message


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[gateway]\nkind = 'pigeon'", "gateway.kind"),
        ("[gateway]\nkind = 3", "gateway.kind"),
        ("[gateway.sandbox]\nfailure_rate = 1.5", "gateway.sandbox.failure_rate"),
        ("[gateway.sandbox]\nfailure_rate = -0.1", "gateway.sandbox.failure_rate"),
        ("[gateway.sandbox]\nseed = 'x'", "gateway.sandbox.seed"),
        ("[sending]\nparts_per_second = 0", "sending.parts_per_second"),
        ("[sending]\nmax_lateness_minutes = 1.5", "sending.max_lateness_minutes"),
        ("[sending]\nprice_per_part = -1", "sending.price_per_part"),
        ("[privacy]\nsmall_count = 0", "privacy.small_count"),
        ("[privacy]\nrequire_consent = 'perhaps'", "privacy.require_consent"),
        ("sending = 3", "newsroom.sending"),
        ("[sending]\nattribution_days = 0", "sending.attribution_days"),
    ],
)
def test_a_value_that_cannot_be_is_named_by_key(tmp_path: Path, text: str, key: str) -> None:
    assert f"setting {key}" in refused(tmp_path, text).message


@pytest.mark.parametrize("zone", ["Asia/Shangai", "", "Asia", "../../etc/passwd", "/etc/localtime", "a\\u0000b"])
def test_an_unknown_time_zone_is_refused(tmp_path: Path, zone: str) -> None:
    error = refused(tmp_path, f'timezone = "{zone}"')
    assert "setting newsroom.timezone: no such time zone." in error.message


@pytest.mark.parametrize("identity", ["", "xyz", "00000000DEADBEEF", "00000000deadbeef0"])
def test_the_newsrooms_id_is_sixteen_hexadecimal_digits(tmp_path: Path, identity: str) -> None:
    assert "newsroom.id" in refused(tmp_path, "", newsroom=f'[newsroom]\nid = "{identity}"\nname = "报"\n').message


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("08:00–21:00", (time(8), time(21))),
        ("08:00-21:00", (time(8), time(21))),
        ("08:30 – 11:45", (time(8, 30), time(11, 45))),
        ("21:00–08:00", (time(21), time(8))),
    ],
)
def test_a_window_is_two_times(tmp_path: Path, window: str, expected: tuple[time, time]) -> None:
    assert read_settings(write(tmp_path, f'[sending]\nwindow = "{window}"')).window == expected


@pytest.mark.parametrize("window", ["8am", "08:00", "25:00–26:00", "08:00–", "08:00–08:00", "08:00Z–21:00Z", ""])
def test_a_window_that_is_none_is_refused(tmp_path: Path, window: str) -> None:
    assert "setting sending.window" in refused(tmp_path, f'[sending]\nwindow = "{window}"').message


def test_a_real_gateway_keeps_to_the_promotional_hours(tmp_path: Path) -> None:
    assert read_settings(write(tmp_path, '[gateway]\nkind = "twilio"')).window == PROMOTIONAL_WINDOW
    own = '[gateway]\nkind = "twilio"\n[sending]\nwindow = "09:00–10:00"'
    assert read_settings(write(tmp_path, own)).window == (time(9), time(10))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://desk:secret@db/news",
        "postgresql+psycopg://desk:s@cret@db/news",
        "postgresql://db/news?user=desk&password=secret",
    ],
)
def test_a_password_in_the_database_url_is_refused_and_not_repeated(tmp_path: Path, url: str) -> None:
    error = refused(tmp_path, f'[database]\nurl = "{url}"')
    assert "NEWSLETTER_DATABASE_URL" in error.message
    assert "cret" not in error.message + error.hint


@pytest.mark.parametrize("url", ["postgresql://desk@db:5432/news", "postgresql:///news", "sqlite:////tmp/a@b:c.db"])
def test_a_database_url_without_a_password_passes(tmp_path: Path, url: str) -> None:
    assert read_settings(write(tmp_path, f'[database]\nurl = "{url}"')).database.url == url


@pytest.mark.parametrize("text", ["[gateway", "name = ", "[gateway]\n[gateway]\n", 'x = "\\q"'])
def test_what_is_no_toml_is_told_with_its_place(tmp_path: Path, text: str) -> None:
    message = refused(tmp_path, text + "\n").message
    assert "is not valid TOML" in message
    assert "(at line" in message


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_bytes(NEWSROOM.encode("gb18030"))
    with pytest.raises(SettingsError, match="not valid TOML"):
        read_settings(tmp_path / "newsletter.toml")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_text(NEWSROOM, encoding="utf-8-sig")
    assert read_settings(tmp_path / "newsletter.toml").newsroom.name == "手机报"


def test_a_file_that_is_gone_is_outside_trouble(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="Cannot read"):
        read_settings(tmp_path / "newsletter.toml")


def test_the_known_keys_are_those_of_every_table() -> None:
    keys = known_keys()
    assert len(keys) == len(set(keys))
    assert {"newsroom.timezone", "gateway.sandbox.seed", "gateway.twilio.from_number", "trust.admin_key"} <= set(keys)

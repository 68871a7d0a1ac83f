"""What stands in ``newsletter.toml``: a newsroom's settings, validated, with exact errors."""

import tomllib
from collections.abc import Mapping
from datetime import time
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from newsletter.errors import InputError, OutsideError
from newsletter.translation import gettext as _

SETTINGS_FILE: Final = "newsletter.toml"
#: Hours in which promotional messages may go out in China (FACTS), the default for every real gateway.
PROMOTIONAL_WINDOW: Final = (time(8), time(21))


class SettingsError(InputError):
    """A setting that is unknown or that cannot be."""

    code: ClassVar[str] = "bad_setting"


def _known_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(_("no such time zone")) from error
    return name


def _parse_window(value: object) -> object:
    if not isinstance(value, str):
        return value
    start, separator, end = value.replace("-", "–").partition("–")
    if not separator:
        raise ValueError(_("write it as 08:00–21:00"))
    return (start.strip(), end.strip())


def _check_window(window: tuple[time, time] | None) -> tuple[time, time] | None:
    if window and (window[0] == window[1] or window[0].tzinfo or window[1].tzinfo):
        raise ValueError(_("write it as 08:00–21:00"))
    return window


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NewsroomTable(_Table):
    """``[newsroom]``: who publishes. ``id`` is drawn by ``init`` and names the keys directory."""

    id: str = Field(pattern=r"^[0-9a-f]{16}$")
    name: str = Field(min_length=1, max_length=80)
    language: Literal["zh-CN", "en"] = "zh-CN"
    timezone: Annotated[str, AfterValidator(_known_timezone)] = "Asia/Shanghai"
    #: The desk's own, printed as the way out where the gateway brings no replies back.
    telephone: str = Field(default="", max_length=30)


class SandboxTable(_Table):
    """``[gateway.sandbox]``: what the simulated network does."""

    failure_rate: float = Field(default=0.0, ge=0.0, le=1.0)
    seed: int = 0


class TwilioTable(_Table):
    """``[gateway.twilio]``: where the account sends from; its secrets come from the environment only."""

    from_number: str = ""
    messaging_service_sid: str = ""
    api_base_url: str = "https://api.twilio.com"
    public_base_url: str = ""


class GatewayTable(_Table):
    """``[gateway]``: who carries messages."""

    kind: Literal["sandbox", "twilio"] = "sandbox"
    sandbox: SandboxTable = SandboxTable()
    twilio: TwilioTable = TwilioTable()


class SendingTable(_Table):
    """``[sending]``: when and how fast."""

    window: Annotated[tuple[time, time] | None, BeforeValidator(_parse_window), AfterValidator(_check_window)] = None
    parts_per_second: float | None = Field(default=None, gt=0)
    price_per_part: float | None = Field(default=None, ge=0)
    #: An opt-out is attributed to the last edition delivered within so many days.
    attribution_days: int = Field(default=30, gt=0)


class TrustTable(_Table):
    """``[trust]``: the fingerprint of the first admin's key."""

    admin_key: str = ""


class DatabaseTable(_Table):
    """``[database]``: where the newsroom's records live; empty means ``newsletter.db`` beside this file."""

    url: str = ""

    @field_validator("url")
    @classmethod
    def _refuse_password(cls, url: str) -> str:
        named = "@" in url and ":" in url.partition("://")[2].rpartition("@")[0]
        if named or "password=" in url.partition("?")[2]:
            raise ValueError(_("a password does not belong in this file; set NEWSLETTER_DATABASE_URL instead"))
        return url


class PrivacyTable(_Table):
    """``[privacy]``: how small a group statistics may show, and on what basis data leaves the country."""

    small_count: int = Field(default=5, ge=1)
    legal_basis: str = ""
    #: Only numbers whose holders agreed expressly are written to; else membership is enough.
    require_consent: bool = False


class RetentionTable(_Table):
    """``[retention]``: after how many days what is no longer needed is removed; without a number: never."""

    #: People who left or died, with all that names them.
    left_days: int | None = Field(default=None, ge=1)
    #: Replies that a person has handled.
    replies_days: int | None = Field(default=None, ge=1)
    #: What ties a delivery to a number; its counts stay. Send logs are kept six months at least.
    deliveries_days: int | None = Field(default=None, ge=183)


class RepliesTable(_Table):
    """``[replies]``: what is answered to somebody who left; empty: nothing."""

    confirmation: str = Field(default="", max_length=60)


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    is_address = parts.scheme in ("http", "https") and parts.hostname and url.isascii() and url.isprintable()
    if url and (not is_address or parts.query or parts.fragment or parts.username or " " in url):
        raise ValueError(_("write it as https://news.example.org"))
    return url.rstrip("/")


class WebTable(_Table):
    """``[web]``: where readers reach the newsroom's own pages."""

    public_base_url: Annotated[str, AfterValidator(_web_address)] = ""
    #: Whether messages carry a link to leave by, where the gateway lets links through.
    opt_out_link: bool = False

    @model_validator(mode="after")
    def _needs_address(self) -> "WebTable":
        if self.opt_out_link and not self.public_base_url:
            raise ValueError(_("opt_out_link needs public_base_url"))
        return self


class Settings(_Table):
    """A whole ``newsletter.toml``."""

    newsroom: NewsroomTable
    gateway: GatewayTable = GatewayTable()
    sending: SendingTable = SendingTable()
    trust: TrustTable = TrustTable()
    database: DatabaseTable = DatabaseTable()
    privacy: PrivacyTable = PrivacyTable()
    retention: RetentionTable = RetentionTable()
    replies: RepliesTable = RepliesTable()
    web: WebTable = WebTable()

    @property
    def window(self) -> tuple[time, time] | None:
        """The hours in which messages may go out; None: always. The sandbox disturbs nobody."""
        if self.sending.window is None and self.gateway.kind != "sandbox":
            return PROMOTIONAL_WINDOW
        return self.sending.window


def read_settings(path: Path) -> Settings:
    """Read and validate a settings file.

    Raises:
        SettingsError: it is no TOML, or a key or value in it is wrong; the message names file, line or key.
        OutsideError: it cannot be read.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise OutsideError(_("Cannot read {path}: {reason}.").format(path=path, reason=error.strerror)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(_("{path} is not valid TOML: {reason}.").format(path=path, reason=error)) from error
    return validate_settings(document, path)


def validate_settings(document: Mapping[str, Any], path: Path) -> Settings:
    """Turn a parsed TOML document into ``Settings``; ``path`` is only named in errors.

    Raises:
        SettingsError: the first key or value that is wrong.
    """
    try:
        return Settings.model_validate(document)
    except ValidationError as error:
        raise _explain(error, path) from error


def _explain(error: ValidationError, path: Path) -> SettingsError:
    # A misspelt table is also a missing one; the misspelling is what helps.
    first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        nearest = get_close_matches(key, known_keys(), n=1, cutoff=0.4)
        hint = _("Did you mean {key}?").format(key=nearest[0]) if nearest else ""
        return SettingsError(_("{path}: unknown setting {key}.").format(path=path, key=key), hint=hint)
    if first["type"] == "missing":
        return SettingsError(_("{path}: setting {key} is missing.").format(path=path, key=key))
    if first["type"] == "literal_error":
        reason = _("it must be {choices}").format(choices=first["ctx"]["expected"])
        return SettingsError(_("{path}: setting {key}: {reason}.").format(path=path, key=key, reason=reason))
    reason = str(first["ctx"]["error"]) if first["type"] == "value_error" else first["msg"]
    return SettingsError(_("{path}: setting {key}: {reason}.").format(path=path, key=key, reason=reason))


def known_keys(model: type[BaseModel] = Settings, prefix: str = "") -> list[str]:
    """Every dotted key a settings file may have, tables included."""
    keys: list[str] = []
    for name, field in model.model_fields.items():
        keys.append(prefix + name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            keys += known_keys(field.annotation, f"{prefix}{name}.")
    return keys

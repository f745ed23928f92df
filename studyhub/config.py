"""Settings: one frozen value, read once from the environment. Unsafe or contradicting ones stop the start."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from studyhub.kernel.errors import BadSetting

LOCALES = ("zh", "en")
WORD_PACKS = ("party", "general")
SHORTEST_SECRET = 32
# As SQLAlchemy reads an address, of the two engines that there are. It is too large to be loaded for this.
DATABASE = re.compile(
    r"sqlite:///[^?]+(\?.*)?"
    r"|postgresql(\+psycopg)?://([^:/]*(:[^@]*)?@)?(\[[^/?]+\]|[^/:?]+)?(:[0-9]+)?(/[^?]*)?(\?.*)?"
)
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an operator can set. Each one is described in docs/for-operators.md."""

    data_dir: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    base_url: str = "http://127.0.0.1:8000"
    timezone: str = "Asia/Shanghai"
    locale: str = "zh"
    word_pack: str = "party"
    proxies: int = 0
    media_location: str = ""
    """where the proxy serves the files of the media folder from, to itself; empty: this server sends them"""
    plain_http: bool = False
    demo_password: str | None = field(default=None, repr=False)
    max_upload_bytes: int = 64 * 1024 * 1024
    lock_timeout_s: float = 5.0

    @property
    def secure(self) -> bool:
        """Whether people reach the site by https, and cookies are marked so."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def zone(self) -> ZoneInfo:
        """The organisation's time zone."""
        return ZoneInfo(self.timezone)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, *, lasting: bool = True) -> Settings:
        """Read `STUDYHUB_*`. Raises BadSetting, which names the variable.

        What is not lasting signs nothing that anybody will see again: no key is made for it and kept.
        """
        env = os.environ if environ is None else environ
        data_dir = Path(env.get("STUDYHUB_DATA_DIR") or "instance").resolve()
        settings = cls(
            data_dir=data_dir,
            database_url=env.get("STUDYHUB_DATABASE_URL") or f"sqlite:///{data_dir / 'studyhub.sqlite3'}",
            secret_key=env.get("STUDYHUB_SECRET_KEY") or _kept_secret(data_dir, make=lasting),
            base_url=(env.get("STUDYHUB_BASE_URL") or "http://127.0.0.1:8000").rstrip("/"),
            timezone=env.get("STUDYHUB_TIMEZONE") or "Asia/Shanghai",
            locale=env.get("STUDYHUB_LOCALE") or "zh",
            word_pack=env.get("STUDYHUB_WORD_PACK") or "party",
            proxies=_count(env, "STUDYHUB_PROXIES"),
            media_location=env.get("STUDYHUB_MEDIA_LOCATION") or "",
            plain_http=env.get("STUDYHUB_PLAIN_HTTP") == "1",
            demo_password=env.get("STUDYHUB_DEMO_PASSWORD") or None,
        )
        check(settings)
        return settings


def check(settings: Settings) -> None:
    """Raise BadSetting for the first setting that would make the site unsafe or useless."""
    if len(settings.secret_key) < SHORTEST_SECRET:
        raise BadSetting("secret_too_short", "STUDYHUB_SECRET_KEY", shortest=SHORTEST_SECRET)
    _check_choice("STUDYHUB_LOCALE", settings.locale, LOCALES)
    _check_choice("STUDYHUB_WORD_PACK", settings.word_pack, WORD_PACKS)
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadSetting("no_time_zone", "STUDYHUB_TIMEZONE", value=settings.timezone) from error
    if not DATABASE.fullmatch(settings.database_url):
        raise BadSetting("no_database_address", "STUDYHUB_DATABASE_URL")  # its value may hold a password
    _check_base_url(settings)
    _check_media_location(settings)


def _check_choice(variable: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise BadSetting("no_such_choice", variable, value=value, choices=", ".join(choices))


def _check_base_url(settings: Settings) -> None:
    parts = urlsplit(settings.base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadSetting("no_full_address", "STUDYHUB_BASE_URL", value=settings.base_url)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK and not settings.plain_http:
        raise BadSetting("plain_http", "STUDYHUB_BASE_URL")


def _check_media_location(settings: Settings) -> None:
    if not settings.media_location:
        return
    if not re.fullmatch(r"/[a-z0-9-]+/", settings.media_location):
        raise BadSetting("no_location", "STUDYHUB_MEDIA_LOCATION", value=settings.media_location)
    if not settings.proxies:
        raise BadSetting("no_proxy", "STUDYHUB_MEDIA_LOCATION")


def _count(env: Mapping[str, str], name: str) -> int:
    text = env.get(name) or "0"
    if not text.isdecimal() or len(text) > 2:
        raise BadSetting("no_count", name, value=text)
    return int(text)


def _kept_secret(data_dir: Path, *, make: bool) -> str:
    """The key kept in the data folder, made on first use; readable by its owner only."""
    path = data_dir / "secret_key"
    if not path.exists():
        if not make:
            return secrets.token_urlsafe(48)
        data_dir.mkdir(parents=True, exist_ok=True)
        _write_once(path, secrets.token_urlsafe(48))
    return path.read_text("ascii").strip()


def _write_once(path: Path, text: str) -> None:
    # Two processes may start at once: the link fails for the second, and both read the first one's key.
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(name)

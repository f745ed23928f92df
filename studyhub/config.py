"""Settings: one frozen value, read once from the environment. Unsafe or contradicting ones stop the start."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from studyhub.kernel.errors import Misconfigured

LOCALES = ("zh", "en")
WORD_PACKS = ("party", "general")
SHORTEST_SECRET = 32
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
        """Read `STUDYHUB_*`. Raises Misconfigured with a sentence that names the variable.

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
            plain_http=env.get("STUDYHUB_PLAIN_HTTP") == "1",
            demo_password=env.get("STUDYHUB_DEMO_PASSWORD") or None,
        )
        check(settings)
        return settings


def check(settings: Settings) -> None:
    """Raise Misconfigured for the first setting that would make the site unsafe or useless."""
    if len(settings.secret_key) < SHORTEST_SECRET:
        raise Misconfigured(f"STUDYHUB_SECRET_KEY is shorter than {SHORTEST_SECRET} characters.")
    if settings.locale not in LOCALES:
        raise Misconfigured(f"STUDYHUB_LOCALE is one of {', '.join(LOCALES)}, not {settings.locale!r}.")
    if settings.word_pack not in WORD_PACKS:
        raise Misconfigured(f"STUDYHUB_WORD_PACK is one of {', '.join(WORD_PACKS)}.")
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Misconfigured(f"STUDYHUB_TIMEZONE {settings.timezone!r} is not a time zone.") from error
    _check_base_url(settings)


def _check_base_url(settings: Settings) -> None:
    parts = urlsplit(settings.base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Misconfigured("STUDYHUB_BASE_URL is a full address such as https://study.example.org.")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK and not settings.plain_http:
        raise Misconfigured(
            "STUDYHUB_BASE_URL is plain http beyond this machine: passwords would travel in the clear. "
            "Use https, or set STUDYHUB_PLAIN_HTTP=1 if you accept that."
        )


def _count(env: Mapping[str, str], name: str) -> int:
    text = env.get(name) or "0"
    if not text.isdecimal() or len(text) > 2:
        raise Misconfigured(f"{name} is a whole number of proxy hops, not {text!r}.")
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

"""The settings are read once, and unsafe ones stop the start."""

from pathlib import Path

import pytest

from studyhub.config import Settings
from studyhub.kernel.errors import Misconfigured


def _settings(folder: Path, **more: str) -> Settings:
    return Settings.from_environment({"STUDYHUB_DATA_DIR": str(folder), **more})


def test_the_secret_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    first = _settings(tmp_path)
    assert _settings(tmp_path).secret_key == first.secret_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_a_secret_never_shows_in_a_log_line(tmp_path: Path) -> None:
    settings = _settings(tmp_path, STUDYHUB_DEMO_PASSWORD="correct horse")
    assert settings.secret_key not in repr(settings)
    assert "correct horse" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STUDYHUB_SECRET_KEY", "short"),
        ("STUDYHUB_LOCALE", "fr"),
        ("STUDYHUB_WORD_PACK", "club"),
        ("STUDYHUB_TIMEZONE", "Mars/Base"),
        ("STUDYHUB_BASE_URL", "study.example.org"),
        ("STUDYHUB_BASE_URL", "http://study.example.org"),
        ("STUDYHUB_PROXIES", "two"),
        ("STUDYHUB_MEDIA_LOCATION", "stored-media"),
        ("STUDYHUB_MEDIA_LOCATION", "/stored-media/"),
    ],
)
def test_an_unsafe_or_useless_setting_stops_the_start(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=name):
        _settings(tmp_path, **{name: value})


def test_a_proxy_that_sends_the_files_is_one_that_is_there(tmp_path: Path) -> None:
    location = "/stored-media/"
    kept = _settings(tmp_path, STUDYHUB_MEDIA_LOCATION=location, STUDYHUB_PROXIES="1")
    assert kept.media_location == location


def test_plain_http_beyond_this_machine_takes_an_explicit_word(tmp_path: Path) -> None:
    address = "http://study.example.org"
    assert not _settings(tmp_path, STUDYHUB_BASE_URL=address, STUDYHUB_PLAIN_HTTP="1").secure
    assert _settings(tmp_path, STUDYHUB_BASE_URL="https://study.example.org").secure

"""A command says what to do, and shows nobody a traceback for a database that is not set up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url

from studyhub.cli import main
from studyhub.config import DATABASE
from studyhub.kernel.presence import alone


def test_a_command_before_the_upgrade_says_which_command_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDYHUB_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("STUDYHUB_DATABASE_URL", raising=False)
    told = CliRunner().invoke(main, ["scores", "verify"])
    assert told.exit_code == 1
    assert "studyhub db upgrade" in told.stderr


@pytest.mark.parametrize("words", [["scores", "verify"], ["serve"], ["db", "upgrade"]])
def test_an_unsafe_setting_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("STUDYHUB_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("STUDYHUB_SECRET_KEY", "short")
    told = CliRunner().invoke(main, words)
    assert (told.exit_code, len(told.stderr.splitlines())) == (1, 1)


UNSAFE = [
    ("STUDYHUB_SECRET_KEY", "short", "STUDYHUB_SECRET_KEY 不足 32 个字符。"),
    ("STUDYHUB_WORD_PACK", "club", "只能取以下值之一：party, general，而不是“club”。"),
    ("STUDYHUB_TIMEZONE", "Mars/Base", "应是时区名称"),
    ("STUDYHUB_DATABASE_URL", "studyhub.sqlite3", "应是数据库地址"),
    ("STUDYHUB_DATABASE_URL", "mysql://root@localhost/studyhub", "应是数据库地址"),
    ("STUDYHUB_DATABASE_URL", "postgresql://user:pass:word@host:port/name", "应是数据库地址"),
    ("STUDYHUB_BASE_URL", "study.example.org", "应是完整的网址"),
    ("STUDYHUB_BASE_URL", "http://study.example.org", "密码会以明文传输"),
    ("STUDYHUB_PROXIES", "two", "应是代理的层数"),
    ("STUDYHUB_MEDIA_LOCATION", "stored-media", "应是代理服务器的内部路径"),
    ("STUDYHUB_MEDIA_LOCATION", "/stored-media/", "前面必须有代理服务器"),
    ("STUDYHUB_LOCALE", "fr", "STUDYHUB_LOCALE 只能取以下值之一：zh, en，而不是“fr”。"),
]


@pytest.mark.parametrize(("name", "value", "said"), UNSAFE)
def test_an_unsafe_setting_is_told_in_the_language_of_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv("STUDYHUB_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("STUDYHUB_LOCALE", raising=False)
    monkeypatch.setenv(name, value)
    for words in (["db", "upgrade"], ["scores", "verify"]):
        told = CliRunner().invoke(main, words)
        assert (told.exit_code, len(told.stderr.splitlines())) == (1, 1)
        assert told.stderr.count(name) == 1
        assert said in told.stderr


@pytest.mark.parametrize(("name", "value"), [each[:2] for each in UNSAFE if each[0] != "STUDYHUB_LOCALE"])
def test_an_unsafe_setting_is_told_in_english_where_the_site_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("STUDYHUB_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("STUDYHUB_LOCALE", "en")
    monkeypatch.setenv(name, value)
    told = CliRunner().invoke(main, ["db", "upgrade"])
    assert (told.exit_code, len(told.stderr.splitlines())) == (1, 1)
    assert told.stderr.startswith(f"{name} ")
    assert told.stderr.replace("“", "").replace("”", "").isascii()


@pytest.mark.parametrize("command", ["studyhub.server", "studyhub serve", "studyhub demo"])
def test_a_program_that_does_not_start_for_a_setting_says_so_in_one_line(
    tmp_path: Path, command: str
) -> None:
    settings = {"STUDYHUB_DATA_DIR": str(tmp_path), "STUDYHUB_LOCALE": "zh", "STUDYHUB_SECRET_KEY": "short"}
    told = subprocess.run(
        [sys.executable, "-m", *command.split()],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stderr) == (1, "STUDYHUB_SECRET_KEY 不足 32 个字符。\n")


@pytest.mark.parametrize("words", [["serve"], ["scheduler"]])
@pytest.mark.parametrize(
    ("locale", "said"), [("zh", "请在恢复完成后再启动"), ("en", "A backup is being restored into")]
)
def test_what_may_not_start_during_a_restore_says_so_in_the_language_of_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], locale: str, said: str
) -> None:
    monkeypatch.setenv("STUDYHUB_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("STUDYHUB_LOCALE", locale)
    monkeypatch.delenv("STUDYHUB_DATABASE_URL", raising=False)
    with alone(tmp_path):
        told = CliRunner().invoke(main, words)
    assert (told.exit_code, len(told.stderr.splitlines())) == (1, 1)
    assert said in told.stderr
    assert str(tmp_path) in told.stderr


@pytest.mark.parametrize(
    ("locale", "said"), [("zh", "请在恢复完成后再启动"), ("en", "A backup is being restored into")]
)
def test_the_server_by_itself_says_in_words_as_well_why_it_does_not_start(
    tmp_path: Path, locale: str, said: str
) -> None:
    environment = {**os.environ, "STUDYHUB_DATA_DIR": str(tmp_path), "STUDYHUB_LOCALE": locale}
    environment.pop("STUDYHUB_DATABASE_URL", None)
    with alone(tmp_path):
        command = [sys.executable, "-m", "studyhub.server", "--port", "1"]
        told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (told.returncode, len(told.stderr.splitlines())) == (1, 1), told.stderr
    assert said in told.stderr


@pytest.mark.parametrize("words", [["--help"], ["--prot", "1"]])
def test_the_server_by_itself_has_its_usage_in_the_language_of_the_site(
    tmp_path: Path, words: list[str]
) -> None:
    environment = {**os.environ, "STUDYHUB_DATA_DIR": str(tmp_path), "STUDYHUB_LOCALE": "zh"}
    command = [sys.executable, "-m", "studyhub.server", *words]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "用法" in told.stdout + told.stderr
    assert "Usage" not in told.stdout + told.stderr


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:////var/lib/studyhub.sqlite3",
        "sqlite:///studyhub.sqlite3",
        "postgresql://host/name",
        "postgresql://user:pa#s%40s@host:5432/name",
        "postgresql://user@/name?host=/run/postgresql",
        "postgresql+psycopg://[::1]:5432/name",
    ],
)
def test_what_the_databases_are_reached_by_is_an_address(address: str) -> None:
    assert DATABASE.fullmatch(address)
    assert make_url(address).get_backend_name() in ("sqlite", "postgresql")

"""A command says what to do, and shows nobody a traceback for a database that is not set up."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from studyhub.cli import main


def test_a_command_before_the_upgrade_says_which_command_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDYHUB_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("STUDYHUB_DATABASE_URL", raising=False)
    told = CliRunner().invoke(main, ["scores", "verify"])
    assert told.exit_code == 1
    assert "studyhub db upgrade" in told.stderr


def test_an_unsafe_setting_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDYHUB_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("STUDYHUB_SECRET_KEY", "short")
    told = CliRunner().invoke(main, ["scores", "verify"])
    assert (told.exit_code, len(told.stderr.splitlines())) == (1, 1)

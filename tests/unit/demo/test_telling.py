"""Who waits for the demo sees that it goes on."""

from __future__ import annotations

import pytest

from studyhub.demo import building
from studyhub.demo.commands import Told


def test_a_step_gets_a_line_and_one_for_each_quarter(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(in_place=False)
    told.step(3, 5, _step)
    for done in range(0, 81, 5):
        told.counted(done, 80)
    said = capsys.readouterr().err.split()
    assert said == ["4/5", "_step", "25%", "50%", "75%", "100%"]


def test_on_a_terminal_the_line_of_a_step_is_written_anew(capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(in_place=True)
    told.step(3, 5, _step)
    told.counted(1, 3)
    told.step(4, 5, _step)
    told.step(5, 5, None)
    assert capsys.readouterr().err == "  4/5 _step\r  4/5 _step 33%\n  5/5 _step\n"


def _step(site: building.Site) -> None:
    """Nothing."""

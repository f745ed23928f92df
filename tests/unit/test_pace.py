"""What a limit in seconds is compared with: a slow machine changes nothing in it, a slow program all."""

from __future__ import annotations

from tests.pace import YARDSTICK_S, Stopwatch, stated, yardstick


def test_a_machine_at_half_speed_is_told_the_same_seconds() -> None:
    assert stated(4.0, 2 * YARDSTICK_S) == stated(2.0, YARDSTICK_S) == 2.0


def test_work_that_doubles_costs_twice_the_seconds() -> None:
    assert stated(4.0, YARDSTICK_S) == 2 * stated(2.0, YARDSTICK_S)


def test_the_fixed_work_costs_about_what_is_stated_wherever_it_runs() -> None:
    with Stopwatch() as spent:
        for _ in range(8):
            yardstick()
    assert 4 * YARDSTICK_S < spent.seconds < 16 * YARDSTICK_S

"""Processor time as a stated machine would need it: a limit in seconds then means the same on every machine.

The same fixed work is done before and after what is measured: what it costs says how fast this machine is at
that moment. A machine at half speed needs twice as long for both, a change that doubles a cost for one only.
"""

from __future__ import annotations

import csv
import gc
import re
import time
from types import TracebackType

YARDSTICK_S = 0.05
"""What the fixed work costs on the machine that our limits are stated for: a quiet Xeon core of 2026."""

_TEXT = "1. 哪一个？,a b c,答案：A\n" * 24_000
_WORDS = re.compile(r"\w+")


def yardstick() -> float:
    """The seconds that the fixed work costs here and now: half of it Python, half of it C."""
    began = time.process_time()
    kept: dict[int, str] = {}
    for number in range(350_000):
        kept[number % 997] = f"{number}"
    for row in csv.reader(_TEXT.splitlines()):
        _WORDS.findall(row[0])
    return time.process_time() - began


def stated(used: float, yardstick_s: float) -> float:
    """The seconds of the stated machine, for those used on one where the fixed work costs `yardstick_s`."""
    return used * YARDSTICK_S / yardstick_s


class Stopwatch:
    """`with Stopwatch() as spent:` and then `spent.seconds`, as the stated machine would need them."""

    def __enter__(self) -> Stopwatch:
        gc.collect()
        gc.freeze()  # what other tests left behind is not looked through again and again
        self._yardstick = yardstick()
        self._began = time.process_time()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        used = time.process_time() - self._began
        gc.unfreeze()
        self.seconds = stated(used, max(self._yardstick, yardstick()))

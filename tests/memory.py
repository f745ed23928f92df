"""How much memory a piece of work needed at its peak, beyond what the process held before it (Linux).

`ru_maxrss` will not do: it is carried over from the parent that a process was forked from, and from all that
the process did before.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import TracebackType

_RESET = "5"
"""What sets the peak back to what is held now (proc(5), `clear_refs`)."""


class PeakMemory:
    """`with PeakMemory() as grown:` and then `grown.bytes`."""

    def __enter__(self) -> PeakMemory:
        Path("/proc/self/clear_refs").write_text(_RESET)
        self._before = _peak()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bytes = _peak() - self._before


def _peak() -> int:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) * 1024

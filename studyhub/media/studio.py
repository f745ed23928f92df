"""Where pictures and videos are opened and made: child processes with limits, one for each piece of work.

What strangers upload is read by large C libraries. If one of them crashes or runs for ever, it is the child
that ends, and that piece of work has a fault; nothing else notices.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import studyhub
from studyhub.media.slides import Script

VIDEO, POSTER, PICTURE = "video.mp4", "poster.jpg", "picture"
LONGEST_WORK_S = 1800
AT_ONCE = 2


class Kind(StrEnum):
    """What there is to make: from a slide script, from a video file, from a picture file."""

    SLIDES = "slides"
    VIDEO = "video"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to make in `folder` (a folder of its own), from a file `source` or a `script`."""

    kind: Kind
    folder: Path
    source: Path | None = None
    script: Script | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: `fault` is a code, or empty; then `facts` are duration_ms, width, height, or type."""

    facts: dict[str, Any] = field(default_factory=dict)
    fault: str = ""


def carry_out(works: Sequence[Work], progress: Callable[[int, int], None]) -> list[Outcome]:
    """Do all of it, two at a time; the outcomes come in the order of the works."""
    outcomes: list[Outcome] = []
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        for outcome in pool.map(_in_a_child, works):
            outcomes.append(outcome)
            progress(len(outcomes), len(works))
    return outcomes


def _in_a_child(work: Work) -> Outcome:
    work.folder.mkdir(parents=True, exist_ok=True)
    order = {
        "kind": work.kind,
        "folder": str(work.folder.resolve()),
        "source": str(work.source.resolve()) if work.source else None,
        "script": asdict(work.script) if work.script else None,
    }
    try:
        child = subprocess.run(
            [sys.executable, "-m", "studyhub.media.workbench"],
            input=json.dumps(order).encode(),
            capture_output=True,
            env=_environment(),
            timeout=LONGEST_WORK_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(fault="takes_too_long")
    if child.returncode:
        return Outcome(fault="cannot_be_processed")
    return Outcome(**json.loads(child.stdout))


def _environment() -> dict[str, str]:
    """No settings, hence no secrets, reach the child."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STUDYHUB_")}
    root = str(Path(studyhub.__file__).parent.parent)
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, [root, kept.get("PYTHONPATH")]))}

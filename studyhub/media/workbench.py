"""The child process of studio.py: one order as JSON on standard input, its outcome as JSON on the output."""

from __future__ import annotations

import json
import resource
import shutil
import sys
from pathlib import Path
from typing import Any

from studyhub.media import pictures, slides, video
from studyhub.media.slides import Script, Slide
from studyhub.media.studio import LONGEST_WORK_S, PICTURE, POSTER, VIDEO, Kind

MOST_MEMORY = 3 * 1024**3
LARGEST_FILE = 1024**3


def main() -> None:
    """Do what the order says, within limits."""
    _limit(resource.RLIMIT_CPU, LONGEST_WORK_S)
    _limit(resource.RLIMIT_AS, MOST_MEMORY)
    _limit(resource.RLIMIT_FSIZE, LARGEST_FILE)
    _limit(resource.RLIMIT_CORE, 0)
    order = json.load(sys.stdin)
    outcome: dict[str, Any]
    try:
        outcome = {"facts": _WORK[Kind(order["kind"])](order, Path(order["folder"]))}
    except (video.Unplayable, pictures.Unreadable) as error:
        outcome = {"fault": error.code}
    json.dump(outcome, sys.stdout)


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, hard))


def _slides(order: dict[str, Any], folder: Path) -> dict[str, Any]:
    script = Script(
        tuple(
            Slide(slide["half_seconds"], slide["heading"], tuple(slide["lines"]), tuple(slide["spoken"]))
            for slide in order["script"]["slides"]
        ),
    )
    video.write_slides(folder / VIDEO, slides.shots(script))
    return _finished(folder)


def _video(order: dict[str, Any], folder: Path) -> dict[str, Any]:
    source = Path(order["source"])
    if video.probe(source).plays_everywhere:
        shutil.copyfile(source, folder / VIDEO)
    else:
        video.convert(source, folder / VIDEO)
    return _finished(folder)


def _finished(folder: Path) -> dict[str, Any]:
    """Look at what was made, and take its poster."""
    facts = video.probe(folder / VIDEO)
    video.write_poster(folder / VIDEO, folder / POSTER)
    return {
        "duration_ms": facts.duration_ms,
        "width": facts.width,
        "height": facts.height,
        "has_sound": facts.has_sound,
    }


def _picture(order: dict[str, Any], folder: Path) -> dict[str, Any]:
    return {"type": pictures.rewrite(Path(order["source"]), folder / PICTURE)}


_WORK = {Kind.SLIDES: _slides, Kind.VIDEO: _video, Kind.PICTURE: _picture}

if __name__ == "__main__":
    main()

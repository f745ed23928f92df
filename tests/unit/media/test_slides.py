"""A slide leaves the captions their place, however much stands on it."""

from __future__ import annotations

import pytest

from studyhub.media.slides import CAPTIONS, HEIGHT, WIDTH, Script, Slide, shots

LONG = "每季度召开一次，必要时随时召开，由支部书记召集并主持，形成会议记录"


@pytest.mark.parametrize("lines", [(LONG,), ("短",) * 3, (LONG,) * 4, ("短",) * 8])
@pytest.mark.parametrize("heading", ["三会一课", "三会一课、主题党日、组织生活会和民主评议党员各是什么"])
def test_nothing_is_drawn_where_the_captions_stand(lines: tuple[str, ...], heading: str) -> None:
    script = Script((Slide(20, heading, lines),))
    for shot in shots(script):
        strip = shot.picture.crop((0, HEIGHT - CAPTIONS, WIDTH, HEIGHT))
        colours = strip.getcolors()
        assert colours is not None
        assert len(colours) == 1

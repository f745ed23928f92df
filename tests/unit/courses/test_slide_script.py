"""What can be wrong with a slide script, and where."""

from __future__ import annotations

import pytest

from studyhub.courses import slide_script
from studyhub.media import slides
from tests.factories.courses import SLIDES_YAML


def found(text: str) -> list[tuple[str, int]]:
    return [(fault.code, fault.line) for fault in slide_script.check(text.encode())[1]]


def test_a_script_is_its_slides_and_its_captions() -> None:
    script, faults = slide_script.check(SLIDES_YAML.encode())
    assert faults == []
    assert script is not None
    assert script.duration_ms == 7000
    assert script.slides[1].lines == ("地址不对", "语气很急", "索要口令")
    assert [cue.text for cue in slides.cues(script)] == [
        "每天都有人丢了密码。",
        "看地址。",
        "看语气。",
        "不给口令。",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("seconds: 3", "seconds: 1", ("bad_seconds", 2)),
        ("seconds: 3", "seconds: 3.3", ("bad_seconds", 2)),
        ("seconds: 3", "seconds: 2\n    secnds: 1", ("unknown_key", 3)),
        ("heading: 三个信号", "heading: " + "长" * 41, ("too_long", 6)),
        ("[地址不对, 语气很急, 索要口令]", "[一, 二, 三, 四, 五, 六, 七]", ("too_many_lines", 7)),
        ("每天都有人丢了密码。", "很" * 40, ("captions_too_fast", 4)),
        ("    caption: 每天都有人丢了密码。\n", "", ("no_caption", 2)),
    ],
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, expected: tuple[str, int]) -> None:
    assert old in SLIDES_YAML
    assert expected in found(SLIDES_YAML.replace(old, new))


def test_half_a_second_is_possible_and_advice_keeps_nothing_out() -> None:
    script, faults = slide_script.check(
        SLIDES_YAML.replace("seconds: 3", "seconds: 2.5").replace("每天都有人丢了密码。", "很" * 40).encode()
    )
    assert script is not None
    assert script.slides[0].half_seconds == 5
    assert [fault.is_error for fault in faults] == [False]


def test_a_video_of_slides_is_neither_a_blink_nor_a_film() -> None:
    blink = "slides:\n  - {seconds: 2, heading: 题, caption: 说}\n"
    film = "slides:\n" + "  - {seconds: 30, heading: 题, caption: 说}\n" * 11
    assert found(blink) == [("bad_video_length", 2)]
    assert found(film) == [("bad_video_length", 2)]

"""Captions are checked at import, and read as a transcript."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.media.captions import Cue, parse, timed, write

GOOD = """WEBVTT - 字幕

NOTE 谁都看不到这一段
两行

第一段
00:01.000 --> 00:03.500 align:start
发件人地址<b>不对</b>，
要小心 &amp; 核实。

00:00:03.500 --> 00:00:05.000
完
"""


def faults(text: str) -> list[tuple[str, int]]:
    return [(fault.code, fault.line) for fault in parse(text)[1]]


def test_a_cue_is_its_times_and_its_plain_text() -> None:
    cues, found = parse(GOOD)
    assert found == []
    assert cues == [Cue(1000, 3500, "发件人地址不对， 要小心 & 核实。"), Cue(3500, 5000, "完")]


def test_line_ends_and_a_byte_order_mark_make_no_difference() -> None:
    assert parse("\ufeff" + GOOD.replace("\n", "\r\n")) == parse(GOOD)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("00:02.000 --> 00:01.000\nx", [("cue_ends_before_it_begins", 3)]),
        ("1\n00:00:01,000 --> 00:00:02,000\nx", [("bad_cue_times", 4)]),
        ("00:01.000 -> 00:02.000\nx", [("bad_cue_times", 4)]),
        ("00:01.000 --> 00:02.000", [("empty_cue", 3)]),
        ("00:05.000 --> 00:06.000\nx\n\n00:01.000 --> 00:02.000\ny", [("cue_out_of_order", 6)]),
        ("", [("no_cues", 1)]),
    ],
)
def test_every_fault_has_its_line(body: str, expected: list[tuple[str, int]]) -> None:
    assert faults(f"WEBVTT\n\n{body}\n") == expected


def test_subrip_is_recognised_and_the_hint_says_what_to_change() -> None:
    assert parse("WEBVTT\n\n00:00:01,000 --> 00:00:02,000\nx")[1][0].hint == "point_not_comma"
    assert faults("1\n00:00:01,000 --> 00:00:02,000\nx") == [("no_webvtt_header", 1)]


def test_texts_share_the_time_by_their_length_without_a_gap() -> None:
    cues = timed(["一二三", "一二三四五六"], 1000, 10_000)
    assert cues == [Cue(1000, 4000, "一二三"), Cue(4000, 10_000, "一二三四五六")]


texts = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@given(st.lists(texts, min_size=1, max_size=8))
def test_what_is_written_is_read_back(spoken: list[str]) -> None:
    cues = timed(spoken, 0, 60_000)
    assert parse(write(cues)) == (cues, [])


@given(st.text(max_size=300))
def test_no_file_breaks_the_reader(text: str) -> None:
    parse(text)
    parse("WEBVTT\n\n" + text)

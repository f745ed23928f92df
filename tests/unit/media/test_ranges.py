"""Seeking in a video is asking for ranges of bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.media.ranges import LONGEST_OPEN_PART, answer


def asked(size: int = 1000, **headers: str) -> tuple[int, int, int]:
    found = answer({name.replace("_", "-"): value for name, value in headers.items()}, size, "abc")
    return found.status, found.part.start, found.part.stop


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("bytes=0-99", (206, 0, 100)),
        ("bytes=0-", (206, 0, 1000)),
        ("bytes=900-", (206, 900, 1000)),
        ("bytes=900-5000", (206, 900, 1000)),
        ("bytes=-100", (206, 900, 1000)),
        ("bytes=-5000", (206, 0, 1000)),
        ("Bytes=0-0", (206, 0, 1)),
        ("bytes=999-999", (206, 999, 1000)),
    ],
)
def test_one_range_is_served(wanted: str, expected: tuple[int, int, int]) -> None:
    assert asked(Range=wanted) == expected


def test_who_names_no_end_gets_a_part_of_the_rest_and_who_names_one_gets_it() -> None:
    size = 10 * LONGEST_OPEN_PART
    assert asked(size, Range="bytes=0-") == (206, 0, LONGEST_OPEN_PART)
    assert asked(size, Range=f"bytes={size - 5}-") == (206, size - 5, size)
    assert asked(size, Range=f"bytes=1-{size - 1}") == (206, 1, size)
    assert asked(size, Range=f"bytes=-{size - 1}") == (206, 1, size)


@pytest.mark.parametrize("wanted", ["bytes=1000-", "bytes=1000-2000", "bytes=-0"])
def test_a_range_beyond_the_end_cannot_be_satisfied(wanted: str) -> None:
    assert asked(Range=wanted)[0] == 416


@pytest.mark.parametrize(
    "wanted", ["bytes=5-2", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=", "0-5", "bytes=٣-"]
)
def test_what_is_not_understood_gets_the_whole_file(wanted: str) -> None:
    assert asked(Range=wanted) == (200, 0, 1000)


def test_a_file_that_the_reader_holds_is_not_sent_again() -> None:
    assert asked(If_None_Match='"abc"')[0] == 304
    assert asked(If_None_Match='"x", W/"abc"', Range="bytes=0-1")[0] == 304
    assert asked(If_None_Match="*")[0] == 304
    assert asked(If_None_Match='"x"')[0] == 200


def test_a_range_of_another_version_gets_the_whole_file() -> None:
    assert asked(Range="bytes=0-9", If_Range='"abc"') == (206, 0, 10)
    assert asked(Range="bytes=0-9", If_Range='"old"') == (200, 0, 1000)
    assert asked(Range="bytes=0-9", If_Range='W/"abc"') == (200, 0, 1000)
    assert asked(Range="bytes=0-9", If_Range="Wed, 21 Oct 2015 07:28:00 GMT") == (200, 0, 1000)


def test_no_range_of_an_empty_file_can_be_satisfied() -> None:
    assert asked(size=0, Range="bytes=0-")[0] == 416
    assert asked(size=0) == (200, 0, 0)


def test_the_part_says_where_it_is() -> None:
    assert answer({"Range": "bytes=5-9"}, 100, "abc").part.content_range == "bytes 5-9/100"


@given(st.text(max_size=40), st.integers(0, 5000))
def test_no_header_breaks_it_and_no_part_leaves_the_file(text: str, size: int) -> None:
    for wanted in (text, "bytes=" + text):
        found = answer({"Range": wanted}, size, "abc")
        assert found.status in (200, 206, 416)
        assert 0 <= found.part.start <= found.part.stop <= size

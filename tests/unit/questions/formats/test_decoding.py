"""Text from any system is read as it was meant, or refused with its line."""

from __future__ import annotations

import pytest

from studyhub.kernel.errors import Unreadable
from studyhub.questions.formats.decoding import decode

TEXT = "第一题：下列哪一项正确？\r\nA. 甲\r\nB. 乙\r\n"
WANTED = TEXT.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_every_encoding_that_chinese_programs_write_is_read(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == WANTED


def test_old_line_ends_are_read() -> None:
    assert decode("一\r二\n三".encode()) == "一\n二\n三"


def test_what_is_in_no_encoding_is_refused_with_its_line() -> None:
    with pytest.raises(Unreadable) as refused:
        decode("好的\n好的\n".encode("gb18030") + b"\xff\xff\n")
    assert (refused.value.code, refused.value.params["line"]) == ("undecodable", 3)


def test_one_broken_byte_does_not_turn_utf8_into_quiet_nonsense() -> None:
    broken = ("题目\n" * 20).encode() + "考试".encode()[:-1] + b" \n"
    with pytest.raises(Unreadable) as refused:
        decode(broken)
    assert refused.value.params["line"] == 21


def test_zero_bytes_are_no_text() -> None:
    with pytest.raises(Unreadable) as refused:
        decode("一行\n二".encode() + b"\0" + "行".encode())
    assert (refused.value.code, refused.value.params["line"]) == ("control_character", 2)

"""Text from any system is read as it was meant, or refused with its line."""

from __future__ import annotations

import pytest

from studyhub.kernel.errors import Unreadable
from studyhub.questions.formats import detect
from studyhub.questions.formats.decoding import decode
from studyhub.questions.formats.exchange import Source

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


@pytest.mark.parametrize("text", ["", " \r\n\t", "\u3000\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["bom.txt", "bom.csv", "bom"])
def test_a_text_of_a_mark_and_blanks_is_empty_whatever_it_is_called(
    text: str, encoding: str, name: str
) -> None:
    with pytest.raises(Unreadable, match="empty_source"):
        detect(Source(text.encode(encoding), name))


def test_a_program_is_not_called_empty() -> None:
    with pytest.raises(Unreadable, match="control_character"):
        detect(Source(b"\0\0", "a.txt"))

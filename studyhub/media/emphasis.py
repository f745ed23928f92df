"""Bold and italics beside Chinese text, where words stand without blanks.

CommonMark leaves `**加粗（括号）**后面` unbolded: its closing mark follows punctuation and precedes a
letter. Beside a Chinese, Japanese or Korean character a mark may open or close as it may beside a blank.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

_WIDE = (
    (0x1100, 0x11FF),  # Hangul
    (0x2E80, 0x303F),  # radicals, and the punctuation of all three
    (0x3040, 0x33FF),  # kana, Bopomofo, enclosed
    (0x3400, 0x4DBF),  # ideographs
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),  # full-width forms
    (0x20000, 0x323AF),
)


def plugin(parser: MarkdownIt) -> None:
    """Put our rule in the place of the parser's own."""
    parser.inline.ruler.at("emphasis", _emphasis)


def _emphasis(state: StateInline, silent: bool) -> bool:
    marker = state.src[state.pos]
    if silent or marker not in "_*":
        return False
    length, can_open, can_close = _scan(state, marker)
    for _ in range(length):
        state.push("text", "", 0).content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=length,
                token=len(state.tokens) - 1,
                end=-1,
                open=can_open,
                close=can_close,
            )
        )
    state.pos += length
    return True


def _scan(state: StateInline, marker: str) -> tuple[int, bool, bool]:
    """How many marks stand here, and whether they may open and close (CommonMark 0.31, 6.2)."""
    end = state.pos
    while end < state.posMax and state.src[end] == marker:
        end += 1
    before = state.src[state.pos - 1] if state.pos else " "
    after = state.src[end] if end < state.posMax else " "
    left = _flanks(inner=after, outer=before)
    right = _flanks(inner=before, outer=after)
    if marker == "_":  # never inside a word
        return (
            end - state.pos,
            left and (not right or _is_punct(before)),
            right and (not left or _is_punct(after)),
        )
    return end - state.pos, left, right


def _flanks(*, inner: str, outer: str) -> bool:
    """Whether a run of marks leans on the text at its inner side."""
    if isWhiteSpace(ord(inner)):
        return False
    return not _is_punct(inner) or isWhiteSpace(ord(outer)) or _is_punct(outer) or _is_wide(outer)


def _is_punct(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)


def _is_wide(char: str) -> bool:
    code = ord(char)
    return any(first <= code <= last for first, last in _WIDE)

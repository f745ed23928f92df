"""The words that a question is found by: pairs of Chinese characters, and Latin words.

Chinese has no blanks between words, so a run of its characters becomes all its pairs, and its last one
alone: 网络安全 is 网络 络安 安全 全. A search for 安全 asks for that pair, one for 网络安全 for three pairs
in a row, and one for 全 for a word that begins with it.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping

from studyhub.questions.bank import Question
from studyhub.questions.variables import MARKER

MOST_WORDS = 10_000
"""PostgreSQL refuses a text of more than a megabyte of words; nobody writes a question of that length."""

LONGEST_WORD = 64
_UNSEEN = re.compile(r"(?:questions\.[a-z0-9-]+\.)?(?:explanation|feedback|model_answer|rubric)\b")
"""Rendered texts that no paper shows, by their paths."""

Term = tuple[tuple[str, ...], bool]
"""Words that follow each other, and whether the last may be the beginning of a longer one."""

_HAN = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_INLINE = re.compile(r"</?(?:strong|em|code|span|a|b|i|u|s|sub|sup|mark)(?:\s[^>]*)?>")
_TAG = re.compile(r"<[^>]*>")


def words_of(question: Question, rendered: Mapping[str, str]) -> str:
    """What is searched: the id, the prompt and everything else that a paper shows, as words with blanks."""
    if question.passage:  # found through its passage, whose words these are
        return ""
    shown = [text for path, text in rendered.items() if not _UNSEEN.match(path)]
    found = [word for text in (question.id, *map(_plain, shown)) for word in _words(text)]
    return " ".join(found[:MOST_WORDS])


def words_of_html(rendered: str) -> list[str]:
    """The words of a rendered prompt or option, as they stand in what is searched."""
    return list(_words(_plain(rendered)))[:MOST_WORDS]


def terms(search: str) -> list[Term]:
    """What must be there for these typed words; empty when there is nothing to look for."""
    found: list[Term] = []
    for run in _runs(search):
        if _is_han(run) and len(run) > 1:
            found.append((tuple(_pairs(run)), False))
        else:
            found.append(((run,), True))
    return found


def _words(text: str) -> Iterator[str]:
    for run in _runs(text):
        if _is_han(run):
            yield from _pairs(run)
            yield run[-1]
        else:
            yield run


def _runs(text: str) -> list[str]:
    runs = _RUN.findall(unicodedata.normalize("NFKC", text).casefold())
    return [run if _is_han(run) else run[:LONGEST_WORD] for run in runs]


def _is_han(run: str) -> bool:
    return re.match(f"[{_HAN}]", run) is not None


def _pairs(run: str) -> Iterator[str]:
    return (run[at : at + 2] for at in range(len(run) - 1))


def _plain(rendered: str) -> str:
    """The text of HTML: what only emphasises leaves no gap, so that **网**络 is found as 网络. The numbers
    of variables are different on each paper, and no words."""
    return html.unescape(MARKER.sub(" ", _TAG.sub(" ", _INLINE.sub("", rendered))))

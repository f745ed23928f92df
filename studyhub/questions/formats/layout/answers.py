"""Answers as people write them → letters, verdicts, texts of blanks."""

from __future__ import annotations

import re

from studyhub.questions.types.truefalse import read_verdict

_LETTERS = re.compile(
    r"(?:故|应|本题)?选?(?:择)?\s*[:]?\s*[(\[【]?\s*([A-Z](?:[\s,、;/&和及]*[A-Z])*)\s*[)\]】]?\s*(?:项|选项)?(?:正确)?[。.;,]?"
)
_LETTERS_AND_MORE = re.compile(r"([A-Z]{1,12})(?:[.、:)]\s*|[\s。;,]+)(\S.*)", re.S)
_LETTERS_AND_REMARK = re.compile(
    r"([A-Z]{1,12})\s*([(\[【][^()\[\]【】]*[\u4e00-\u9fff][^()\[\]【】]*[)\]】])[。.]?"
)
_REASONED = re.compile(
    r"\s*(?:本题)?(?:正确答案(?:为|是|选)?|(?:参考)?答案(?:为|是|选|:))\s*:?\s*([A-Z]{1,8})(?:项|选项)?(?=[。.,;、\s]|$)"
    r"|(?:故|因此|所以)(?:本题)?(?:正确)?(?:答案)?(?:应?选(?:择)?|为)\s*:?\s*([A-Z]{1,8})(?:项|选项)?[。.]?\s*$"
)
_VERDICTS = r"正确|错误|不正确|不对|[√✓✔×✗✘✕对错是否]|TRUE|FALSE|YES|NO|[TFYN]"
_VERDICT = re.compile(rf"[(\[【]?\s*({_VERDICTS})\s*[)\]】]?[。.]?", re.I)
_VERDICT_AND_MORE = re.compile(r"[(\[【]?\s*(正确|错误|[√✓✔×✗✘✕对错])\s*[)\]】]?[\s,。;:.(【]+(\S.*)", re.S)
_WRONG_WORDS = frozenset({"不正确", "不对", "✕"})

_EDGES = re.compile(r"^[\s;；,，。、]+|[\s;；,，。、]+$")
_NUMBERED = re.compile(
    r"(?:\(\d{1,2}\)|[①-⑳]|第[一二三四五六七八九十\d]{1,2}空:?|(?:^|\s|(?<=[;,。]))\d{1,2}[.、:)](?!\d))\s*"
)
_SEPARATORS = (r"\n", r"[;；]", r"\|\||\|", r"、", r"[,，]", r"\s{2,}|\t", r"\s+", r"/")
_OR = re.compile(r"(?<=\S)[ \u3000]+(?:或|或者)[ \u3000]+(?=\S)")
_ALTERNATIVES = re.compile(r"\s*(?:[/／;；]|或者|或)\s*")


def letters(half: str) -> str | None:
    """ABD of `A、B、D`, `选ABD`, `（ABD）`; None when it is something else. Each letter once, in order."""
    found = _LETTERS.fullmatch(half.strip())
    if not found:
        found = _LETTERS.fullmatch(half.strip().upper()) if len(half.strip()) <= 8 else None
    return "".join(sorted(set(re.findall("[A-Z]", found[1])))) if found else None


def letters_and_more(text: str, half: str) -> tuple[str, str] | None:
    """`B。因为…` → B and the rest: the letters, and what is said of them."""
    remark = _LETTERS_AND_REMARK.fullmatch(half.strip())
    if remark:
        inside = text.strip()[remark.start(2) + 1 : remark.end(2) - 1]
        return remark[1], inside.strip()
    found = _LETTERS_AND_MORE.fullmatch(half)
    return (found[1], text[found.start(2) :]) if found else None


def reasoned(half: str) -> str:
    """The letters of an explanation that begins 正确答案C or ends 故选C; "" of any other."""
    found = _REASONED.match(half) or _REASONED.search(half)
    return "".join(sorted(set(found[1] or found[2]))) if found and (found[2] or not found.start()) else ""


def verdict(half: str) -> bool | None:
    found = _VERDICT.fullmatch(half.strip())
    return _meant(found[1]) if found else None


def verdict_and_more(text: str, half: str) -> tuple[bool, str] | None:
    """`错误，应为…` → False and the rest."""
    found = _VERDICT_AND_MORE.fullmatch(half)
    if not found:
        return None
    meant = _meant(found[1])
    return None if meant is None else (meant, text[found.start(2) :].rstrip("）)】"))


def _meant(word: str) -> bool | None:
    return False if word in _WRONG_WORDS else read_verdict(word)


def for_blanks(text: str, half: str, count: int) -> list[str] | None:
    """One text for each blank, or None when they do not come out."""
    if count == 1:
        first = _NUMBERED.match(half)
        return [bare(text[first.end() :] if first else text)]
    numbered = _NUMBERED.split(half)
    if len(numbered) == count + 1 and not numbered[0].strip():
        return [bare(part) for part in _split(text, half, _NUMBERED)][-count:]
    for separator in _SEPARATORS:
        parts = [bare(part) for part in _split(text.strip(), half.strip(), re.compile(separator))]
        if len(parts) == count and all(parts):
            return parts
    return None


def _split(text: str, half: str, separator: re.Pattern[str]) -> list[str]:
    """The text cut where its half-width twin has the separator."""
    parts, at = [], 0
    for match in separator.finditer(half):
        parts.append(text[at : match.start()])
        at = match.end()
    return [*parts, text[at:]]


def bare(text: str) -> str:
    return _EDGES.sub("", text.strip())


def told_apart(text: str) -> list[str]:
    """北京 或 首都, with room around the 或: two right answers, without a doubt; else the text alone."""
    return [part for part in _OR.split(text) if part] or [text]


def alternatives(text: str) -> list[str]:
    """北京/首都 → both, where a slash, `；` or 或 may separate two right answers; else the text alone."""
    parts = [part for part in _ALTERNATIVES.split(text) if part]
    return parts if len(parts) > 1 else [text]

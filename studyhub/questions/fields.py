"""Reading the keys of one mapping: each getter gives a value of the wanted kind, or a fault and None.

Nothing is raised and nothing stops: a report gathers every fault of the file, each said once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from yaml import SafeLoader

from studyhub.kernel.faults import Fault, Severity, nearest
from studyhub.questions.document import Mapping, Node, Scalar, Sequence
from studyhub.questions.grammar import Grammar, fullwidth_colon
from studyhub.questions.syntax import MOST_ERRORS

SLUG = re.compile(r"[a-z0-9-]{1,64}")
NUMBER = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?", re.ASCII)
_NUMBER_FIRST = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)? ?[^\W\d_]")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_COUNTED = dict(zip("123456789甲乙丙丁戊己庚辛壬癸", "ABCDEFGHIABCDEFGHIJ", strict=True))
LONGEST_TEXT = 20_000
MOST_SUGGESTIONS = 300
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YES = frozenset({"true", "yes", "on", "是"})
_NO = frozenset({"false", "no", "off", "否"})
# A classification mark: the bare words may be taught, the star makes it a mark.
_SECRET_MARK = re.compile(r"(?:秘\s*密|机\s*密|绝\s*密)\s*[★☆]")
_COMMENT = re.compile(r"[ \t]+#")
_ONE_BLANK = re.compile(r" #")
# What a reader of YAML 1.1 would make of an unquoted text: by first character, as the library keeps them.
_LOOK_ALIKES: Table[str, list[tuple[str, re.Pattern[str]]]] = SafeLoader.yaml_implicit_resolvers


def _looks_like_another(text: str) -> bool:
    resolvers = _LOOK_ALIKES.get(text[0])
    if resolvers is None:
        return False
    # The library does not take `y` and `n` for true and false; YAML 1.1 does.
    return text in ("y", "Y", "n", "N") or any(pattern.match(text) for _, pattern in resolvers)


Pair = tuple[Scalar, Node]


class Flooded(Exception):
    """The file has more errors than anybody reads: it is something else."""


@dataclass(slots=True)
class Report:
    """The faults of one file. `subject` is the item that is being read; `source` the file's text.

    With `one_each` an item's first error stands for all of its errors, and however many items have one, the
    rest of the file is read: that is for files that a program wrote, of which the good part is taken.
    """

    source: str
    grammar: Grammar
    faults: list[Fault] = field(default_factory=list)
    subject: str | None = None
    one_each: bool = False
    _faulty: set[str] = field(default_factory=set)
    said: Callable[[str], str] | None = None
    """how a text of the program is written in the file, where that is another"""
    is_expression: Callable[[str], bool] | None = None
    """whether a text is one of the question's variables, without the braces around it"""
    _said: set[tuple[str, int, int, object]] = field(default_factory=set)
    _has_comments: bool = False
    is_partial: bool = field(init=False)
    """some of the file is not YAML: what is not found may stand there"""
    _errors: int = 0
    _suggested: dict[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._has_comments = _COMMENT.search(self.source) is not None
        self.is_partial = bool(self.faults)

    def error(self, code: str, node: Node, hint: str = "", **params: object) -> None:
        self._add(code, node, hint, Severity.ERROR, params)

    def warn(self, code: str, node: Node, hint: str = "", **params: object) -> None:
        self._add(code, node, hint, Severity.WARNING, params)

    def _add(self, code: str, node: Node, hint: str, severity: Severity, params: Table[str, object]) -> None:
        if self.said is not None:
            said = self.said
            params = {key: said(value) if isinstance(value, str) else value for key, value in params.items()}
        self.add(Fault(code, node.line, node.column, params, hint, severity, self.subject))

    def add(self, fault: Fault) -> None:
        if self.one_each and fault.is_error and fault.subject:
            if fault.subject not in self._faulty:
                self._faulty.add(fault.subject)
                self.faults.append(fault)
            return
        # A default's fault shows up in every question that it reaches: it is one mistake.
        place = (fault.code, fault.line, fault.column, fault.params.get("key"))
        if place in self._said:
            return
        self._said.add(place)
        self.faults.append(fault)
        self._errors += fault.is_error
        if self._errors >= MOST_ERRORS:
            raise Flooded

    def nearest(self, word: str, known: Collection[str]) -> str | None:
        """The known word that was probably meant. Searching is slow, so only the first hundreds are."""
        if word not in self._suggested and len(self._suggested) < MOST_SUGGESTIONS:
            self._suggested[word] = nearest(word, known)
        found = self._suggested.get(word)
        return found if found in known else None

    def text_of(self, node: Node, key: str, *, prose: bool = True) -> str | None:
        """The text of a node that must be one; None after a fault, or when there is nothing.

        `prose` is false for identities and the like, behind which a comment hides nothing.
        """
        if not isinstance(node, Scalar):
            self._no_text(node, key)
            return None
        if node.plain and not self._plain_is_safe(node, key, prose):
            return None
        value = node.value.strip()
        if not value:
            return None
        if len(value) > LONGEST_TEXT:
            self.error("too_long", node, key=key, longest=LONGEST_TEXT)
        if ("★" in value or "☆" in value) and _SECRET_MARK.search(value):
            self.error("secret_mark", node)
        return value

    def _plain_is_safe(self, node: Scalar, key: str, prose: bool) -> bool:
        """Look for what YAML makes of an unquoted text; False when it is null."""
        if node.is_null:
            return False
        if prose and self._has_comments and _COMMENT.match(self.source, node.end):
            self._comment_after(node, key)
        if _looks_like_another(node.value):
            self.warn("look_alike", node, "quote_it", text=node.value, key=key)
        return True

    def _comment_after(self, node: Scalar, key: str) -> None:
        # YAML sets a comment off by two blanks or more; a `#` after one belongs to the sentence.
        tail = self.source[node.end : node.end + 200].split("\n", 1)[0].rstrip()
        told = self.warn if tail.startswith(("  ", "\t")) else self.error
        told("comment_after_text", node, "quote_it", key=key, tail=tail.strip())

    def begins_with_sharp(self, pair: Pair | None, *, required: bool, prose: bool) -> bool:
        """Report a text such as `# 1`, all of which YAML takes for a comment. True after an error."""
        node = pair[1] if pair and prose and self._has_comments else None
        if not isinstance(node, Scalar) or not node.plain or node.value:
            return False
        blanks = _ONE_BLANK.match(self.source, node.end)
        if pair is None or not blanks:
            return False
        place, key = Scalar(node.line, node.column + 1, "", True, node.end), pair[0].value
        if required:
            self.error("must_quote", place, "quote_it", key=key, character="#")
        else:
            tail = self.source[blanks.end() - 1 :].split("\n", 1)[0].rstrip()
            self.warn("comment_after_text", place, "quote_it", key=key, tail=tail)
        return required

    def _no_text(self, node: Sequence | Mapping, key: str) -> None:
        if node.flow:
            bracket = "{" if isinstance(node, Mapping) else "["
            self.error("must_quote", node, "quote_it", key=key, character=bracket)
        else:
            self.error("not_text", node, key=key)


class Fields:
    """The keys of one mapping, each with its value. Getters give None for what is absent or faulty."""

    def __init__(self, node: Node, found: dict[str, Pair], report: Report) -> None:
        self.node = node
        self.found = found
        self.report = report
        # Reads a question within this one.
        self.part: Callable[[Node], object] | None = None
        # Keys that were tried under a wrong name: one mistake is not reported twice, as unknown and missing.
        self.misspelt: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self.found

    def value(self, key: str, *, required: bool = False) -> Node | None:
        """The node of a key, or None when it is absent or null; a fault when it is required."""
        pair = self.found.get(key)
        if pair is None:
            if required and key not in self.misspelt:
                self.report.error("missing_key", self.node, key=key)
            return None
        node = pair[1]
        if isinstance(node, Scalar) and node.is_null:
            if required:
                self.report.error("empty_value", node, key=key)
            return None
        return node

    def text(self, key: str, *, required: bool = False, prose: bool = True) -> str | None:
        if self.report.begins_with_sharp(self.found.get(key), required=required, prose=prose):
            return None
        node = self.value(key, required=required)
        if node is None:
            return None
        text = self.report.text_of(node, key, prose=prose)
        if text is None and required and isinstance(node, Scalar):
            self.report.error("empty_value", node, key=key)
        return text

    def slug(self, key: str, reserved: frozenset[str] = frozenset()) -> str | None:
        """A required identity: small letters, digits and hyphens, and none whose page could not be opened."""
        text = self.text(key, required=True, prose=False)
        if text in reserved:
            self.report.error("reserved_slug", self.found[key][1], key=key, value=text)
            return None
        if text is None or SLUG.fullmatch(text):
            return text
        meant = re.sub(r"[^a-z0-9]+", "-", unicodedata.normalize("NFKC", text).lower()).strip("-")[:64]
        hint = "did_you_mean" if SLUG.fullmatch(meant) else ""
        self.report.error("bad_slug", self.found[key][1], hint, key=key, value=text, meant=meant)
        return None

    def choice(
        self,
        key: str,
        allowed: Iterable[str],
        spoken: Table[str, str] | None = None,
        *,
        required: bool = False,
    ) -> str | None:
        """One of a few words, or after a fault the one that was probably meant, so that what depends on it is
        read as well. `spoken` gives the word that a Chinese one stands for."""
        node = self.value(key, required=required)
        if node is None:
            return None
        known = tuple(allowed)
        if isinstance(node, Scalar) and node.value in known:
            return node.value
        return self.unknown_word(node, key, known, spoken or {})

    def unknown_word(
        self, node: Node, key: str, known: tuple[str, ...], spoken: Table[str, str]
    ) -> str | None:
        """Report a word that is none of the known; the one that was probably meant."""
        word = node.value.strip() if isinstance(node, Scalar) else ""
        meant = spoken.get(word) or self.report.nearest(word, known)
        hint = "did_you_mean" if meant else "one_of"
        self.report.error("unknown_word", node, hint, key=key, value=word, meant=meant, known=known)
        return meant

    def number(self, key: str, *, required: bool = False, hint: str = "") -> Decimal | None:
        """An exact decimal number; `hint` is for a text that goes on behind one."""
        node = self.value(key, required=required)
        if node is None:
            return None
        text = unicodedata.normalize("NFKC", node.value).strip() if isinstance(node, Scalar) else ""
        if NUMBER.fullmatch(text):
            return Decimal(text)
        braces = self.report.is_expression and self.report.is_expression(text)
        told = "in_braces" if braces else hint if _NUMBER_FIRST.match(text) else ""
        told = "name_variables" if "{{" in text else told
        meant = _number_meant(key, text)
        self.report.error(
            "not_a_number", node, "did_you_mean" if meant else told, key=key, value=text, meant=meant
        )
        return None

    def boolean(self, key: str, default: bool) -> bool:
        node = self.value(key)
        if node is None:
            return default
        word = node.value.strip().lower() if isinstance(node, Scalar) else ""
        if word not in _YES and word not in _NO:
            self.report.error("not_boolean", node, "one_of", key=key, value=word, known=("true", "false"))
        return word in _YES or (word not in _NO and default)

    def day(self, key: str) -> date | None:
        node = self.value(key)
        if node is None:
            return None
        text = node.value.strip() if isinstance(node, Scalar) else ""
        try:
            return date.fromisoformat(text if _DAY.fullmatch(text) else "")
        except ValueError:
            self.report.error("not_a_day", node, key=key, value=text)
            return None

    def items(self, key: str, *, required: bool = False) -> list[Node] | None:
        """The items of a list."""
        node = self.value(key, required=required)
        if node is None:
            return None
        if isinstance(node, Sequence):
            return node.items
        self.report.error("not_a_list", node, key=key)
        return None

    def mapping(self, key: str, known: frozenset[str]) -> Fields | None:
        """The keys of a mapping within this one."""
        node = self.value(key)
        return None if node is None else read_mapping(node, known, self.report, key)


def read_mapping(node: Node, known: frozenset[str], report: Report, name: str = "") -> Fields | None:
    """The keys of `node`, with a fault for each that is unknown, twice there, or not a text.

    None, after a fault, when it is no mapping; `name` says of what.
    """
    if not isinstance(node, Mapping):
        no_mapping(node, report, name)
        return None
    found: dict[str, Pair] = {}
    fields = Fields(node, found, report)
    unknown: list[Pair] = []
    for key, value in node.pairs:
        if not isinstance(key, Scalar):
            report.error("key_not_text", key)
        elif key.value in found:
            report.error("duplicate_key", key, key=key.value, line=found[key.value][0].line)
        elif key.value in known:
            found[key.value] = (key, value)
        else:
            unknown.append((key, value))
    for key, value in unknown:
        _unknown_key(fields, key, value, known)
    return fields


def _number_meant(key: str, text: str) -> str:
    """The number without thousands separators (`1,000`), or without 分 behind what a question is worth."""
    bare = text.replace(",", "") if _GROUPED.fullmatch(text) else text
    bare = bare.removesuffix("分").rstrip() if key == "points" else bare
    return bare if bare != text and NUMBER.fullmatch(bare) else ""


def no_mapping(node: Node, report: Report, name: str) -> None:
    """Say that keys were expected; `题干：…` without a Western colon is a text to YAML."""
    if isinstance(node, Scalar) and "：" in node.value:
        word = node.value.split("：", 1)[0].strip()
        report.add(fullwidth_colon(word, node.line, node.column, report.grammar).about(report.subject))
    else:
        report.error("not_a_mapping", node, key=name)


def _unknown_key(fields: Fields, key: Scalar, value: Node, known: frozenset[str]) -> None:
    """Say what was probably meant, and read the value under that name, so that its mistakes show as well."""
    report, word = fields.report, key.value.strip()
    if "：" in word:
        word = word.split("：", 1)[0].strip()
        report.add(fullwidth_colon(word, key.line, key.column, report.grammar).about(report.subject))
        fields.misspelt.add(report.grammar.meant(word) or report.nearest(word, known) or word)
        return
    spoken = report.grammar.spoken.get(word)
    meant = spoken or _same_letters(word, known) or report.nearest(word, known)
    code = "chinese_key" if spoken else "unknown_key"
    taken = meant in fields.found
    report.error(code, key, "did_you_mean" if meant else "", key=word, meant=meant, taken=taken)
    if meant in known and meant is not None:
        fields.misspelt.add(meant)
        fields.found.setdefault(meant, (key, value))


def _same_letters(word: str, known: frozenset[str]) -> str | None:
    """The known key that differs only in case or width: `a` or `Ａ` for A; `1` or 甲 for the option A."""
    western = unicodedata.normalize("NFKC", word)
    counted = _COUNTED.get(western, western)
    return next((key for key in (western, western.upper(), western.lower(), counted) if key in known), None)

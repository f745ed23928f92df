"""Reading a file that may not be YAML: what the parser trips over is said in the writer's terms.

When the whole does not parse, the items of its list are read one by one: a bracket forgotten in one
question hides no mistake in the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import yaml

from studyhub.kernel.faults import Fault
from studyhub.questions.document import DEEPEST, Mapping, Node, Scalar, Sequence, Unreadable, compose
from studyhub.questions.grammar import KEY, Grammar
from studyhub.questions.mending import Mended, Piece

MOST_ERRORS = 10_000
"""More than anybody reads: then the file is something else."""
MOST_MENDED = 20
MOST_REREAD = 400_000
"""So many mistakes of one item are mended, and so many characters of it read again, to see what follows."""

_OPENING = "[{*&!@`%|>,"
_FULLWIDTH_BRACKETS = {"｛": "{", "［": "[", "【": "["}
_MISPLACED_COLON = "mapping values are not allowed"
_NO_TOKEN = "cannot start any token"


@dataclass(slots=True)
class Reading:
    """What could be read: `root` is None when nothing could.

    `broken` items of the list could not be read. `headless`: what stands before the list could not, so
    that keys are missing from the root that may well be in the file.
    """

    root: Node | None = None
    broken: int = 0
    faults: list[Fault] = field(default_factory=list)
    headless: bool = False


def read(text: str, grammar: Grammar) -> Reading:
    """The tree of a file, with a fault for each place where it is not YAML or not allowed."""
    whole = Piece(text, 1, 0)
    try:
        root = compose(text)
    except Unreadable as error:
        if error.fault.code == "many_documents":
            return _first_document(text, grammar, error.fault)
        return _piecewise(whole, grammar, error)
    except yaml.YAMLError as error:
        return _piecewise(whole, grammar, error)
    return Reading(root, 0, [] if root is not None else [Fault("empty_file", 1, 1)])


def _first_document(text: str, grammar: Grammar, fault: Fault) -> Reading:
    reading = read("\n".join([*text.split("\n")[: fault.line - 1], ""]), grammar)
    reading.faults.append(fault)
    return reading


def _piecewise(whole: Piece, grammar: Grammar, error: Exception) -> Reading:
    head, *items = _pieces(whole, grammar.listing)
    if not items:
        return Reading(None, 0, [_worded(error, whole, grammar)])
    reading = _read_piece(head, grammar)
    pairs = list(reading.root.pairs) if isinstance(reading.root, Mapping) else []
    headless = not pairs
    nodes: list[Node] = []
    broken = 0
    for piece in items:
        part = _read_piece(piece, grammar)
        reading.faults += part.faults
        broken += part.broken
        if len(reading.faults) >= MOST_ERRORS:
            reading.faults.append(Fault("too_many_faults", params={"count": MOST_ERRORS}))
            return Reading(None, len(items), reading.faults)
        if isinstance(part.root, Sequence):
            nodes += part.root.items
        elif isinstance(part.root, Mapping):
            pairs += part.root.pairs
        elif part.root is not None:
            reading.faults.append(Fault("no_colon", part.root.line, part.root.column, {}, "check_indent"))
    if not reading.faults:  # the pieces are fine and the whole is not: say what the parser said
        reading.faults.append(_worded(error, whole, grammar))
    root = Mapping(1, 1, False, _with_list(pairs, grammar.listing, items[0].line - 1, nodes))
    return Reading(root, broken, reading.faults, headless)


def _with_list(
    pairs: list[tuple[Node, Node]], listing: str, line: int, nodes: list[Node]
) -> list[tuple[Node, Node]]:
    """The pairs of the file with its list put in; where its head was not read, the list stands at `line`."""
    key = next((key for key, _ in pairs if isinstance(key, Scalar) and key.value == listing), None)
    others = [(other, value) for other, value in pairs if other is not key]
    first = nodes[0] if nodes else None
    place = (first.line, first.column) if first else (line, 1)
    named = key or Scalar(line, 1, listing, True, 0)
    return [*others, (named, Sequence(*place, False, nodes))]


def _pieces(whole: Piece, listing: str) -> Iterator[Piece]:
    """The part before the list's first item, each item, and what follows the list."""
    start = re.search(rf"^{listing}:[ \t]*(#.*)?$", whole.text, re.M)
    first = start and re.compile(r"^( *)- ", re.M).search(whole.text, start.end())
    if not first:
        yield whole
        return
    # A new piece begins at an item with the same indentation, or at a key of the file itself.
    begins = re.compile(rf"^(?:{first[1]}- |[^\s#\-])", re.M)
    bounds = [0, *(match.start() for match in begins.finditer(whole.text, first.start())), len(whole.text)]
    line = 1
    for begin, end in pairwise(bounds):
        text = whole.text[begin:end]
        yield Piece(text, line, begin)
        line += text.count("\n")


def _read_piece(piece: Piece, grammar: Grammar) -> Reading:
    """The tree of a piece; where a line is mended by a colon or by quotation marks, with a fault for it.

    What is read after that shows the mistakes that would come to light only later.
    """
    try:
        return Reading(_compose(piece))
    except (Unreadable, yaml.YAMLError) as error:
        trouble = _worded(error, piece, grammar)
    name = _name(piece, grammar)
    mended = Mended(piece, grammar)
    mended.colons()
    troubles: list[Fault] = []
    for _ in range(min(MOST_MENDED, MOST_REREAD // (len(piece.text) + 1) + 1)):
        try:
            root = _compose(mended.piece)
        except (Unreadable, yaml.YAMLError) as error:
            trouble = _worded(error, mended.piece, grammar)
        else:
            return Reading(root, 0, [fault.about(name) for fault in (*troubles, *mended.settle(root))])
        troubles.append(mended.placed(trouble))
        if not mended.quote(trouble):
            break
    else:
        troubles.append(mended.placed(trouble))
    return Reading(None, 1, [fault.about(name) for fault in (*mended.doubtful(), *troubles)])


def _name(piece: Piece, grammar: Grammar) -> str | None:
    """What the item is called, if that much can be read of it."""
    named = re.search(rf"^[ -]*{grammar.identity}(?:: *|：[ 　]*)([\w.-]+)", piece.text, re.M)
    return named[1] if named and grammar.identity else None


def _compose(piece: Piece) -> Node | None:
    return compose(piece.text, first_line=piece.line, first_index=piece.index)


def _worded(error: Exception, piece: Piece, grammar: Grammar) -> Fault:
    """The parser's complaint in the writer's terms, at the value that causes it."""
    if isinstance(error, Unreadable):
        return error.fault
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Fault("yaml_syntax", piece.line, 1, {}, "check_indent")
    problem, context = error.problem or "", error.context or ""
    at, began = error.problem_mark, error.context_mark or error.problem_mark
    if "flow level" in context:
        return Fault("too_deep", at.line + piece.line, _deepest_column(at, piece), {"deepest": DEEPEST})
    if "\t" in _indent(at, piece):
        return Fault("tab_indent", at.line + piece.line, _indent(at, piece).index("\t") + 1)
    unquoted = _unquoted(at.line, problem, piece, grammar) or _unquoted(began.line, problem, piece, grammar)
    unquoted = unquoted or (_text_above(at, piece) if _MISPLACED_COLON in problem else None)
    if unquoted:
        return unquoted
    if _NO_TOKEN in problem:
        character = _line(piece, at.line)[at.column : at.column + 1]
        return Fault("bad_start", at.line + piece.line, at.column + 1, {"character": character}, "quote_it")
    for where, words, mark, code, hint in (
        (problem, "escape character", at, "bad_escape", "single_quotes"),
        (context, "quoted scalar", began, "unclosed_quote", ""),
        (context, "flow", began, "unclosed_bracket", ""),
        (problem, "could not find expected ':'", began, "no_colon", ""),
    ):
        if words in where:
            return _at(mark, piece, code, hint) if code != "no_colon" else _no_colon(mark, piece, grammar)
    return _at(at, piece, "yaml_syntax", "check_indent")


def _deepest_column(mark: yaml.Mark, piece: Piece) -> int:
    """Where the line goes deeper than is allowed: the parser gives up much later."""
    depth = 0
    for column, sign in enumerate(_line(piece, mark.line)[: mark.column + 1], 1):
        depth += (sign in "[{") - (sign in "]}")
        if depth > DEEPEST:
            return column
    return int(mark.column) + 1


def _indent(mark: yaml.Mark, piece: Piece) -> str:
    line = _line(piece, mark.line)
    return line[: len(line) - len(line.lstrip(" \t"))]


def _text_above(mark: yaml.Mark, piece: Piece) -> Fault | None:
    """The fault of a text without a key above this key, which YAML takes for the beginning of it."""
    row = int(mark.line) - 1
    while row >= 0 and not _line(piece, row).strip():
        row -= 1
    line, here = _line(piece, max(row, 0)), _line(piece, mark.line)
    is_text = line.strip() and not KEY.match(line) and not line.lstrip().startswith(("#", "-", "'", '"'))
    same = len(line) - len(line.lstrip(" ")) == len(_indent(mark, piece)) and KEY.match(here)
    if row < 0 or not is_text or not same:
        return None
    return Fault("no_colon", row + piece.line, len(_indent(mark, piece)) + 1, {}, "check_indent")


def _unquoted(row: int, problem: str, piece: Piece, grammar: Grammar) -> Fault | None:
    """The fault of a line whose text begins with a sign of YAML or holds `: `, when that is what it is."""
    match = KEY.match(_line(piece, row))
    if match and not grammar.is_text(match["key"]) and _MISPLACED_COLON in problem:
        return _fullwidth_bracket(match["value"][:1], (row + piece.line, match.start("value") + 1))
    if not match or not grammar.is_text(match["key"]) or not match["value"]:
        return None
    place = (row + piece.line, match.start("value") + 1)
    opening = match["value"][0]
    params = {"key": match["key"], "character": opening}
    if opening in _OPENING:
        return Fault("must_quote", *place, params, "quote_it")
    if opening in "\"'":
        return Fault("text_after_quote", *place, params, "quote_whole") if "expected key" in problem else None
    return Fault("colon_in_text", *place, params, "quote_it") if _MISPLACED_COLON in problem else None


def _fullwidth_bracket(sign: str, place: tuple[int, int]) -> Fault | None:
    params = {"character": sign, "meant": _FULLWIDTH_BRACKETS.get(sign)}
    return Fault("fullwidth_bracket", *place, params, "use_bracket") if params["meant"] else None


def _no_colon(mark: yaml.Mark, piece: Piece, grammar: Grammar) -> Fault:
    """`answer true`: the key that is meant is said where the line begins with one."""
    word = _line(piece, mark.line)[mark.column :].partition(" ")[0]
    meant = grammar.meant(word)
    params = {"key": word, "meant": meant} if meant else {}
    return Fault(
        "no_colon", mark.line + piece.line, mark.column + 1, params, "use_colon" if meant else "check_indent"
    )


def _line(piece: Piece, row: int) -> str:
    rows = piece.text.split("\n", row + 1)
    return rows[row].rstrip("\r") if row < len(rows) else ""


def _at(mark: yaml.Mark, piece: Piece, code: str, hint: str = "") -> Fault:
    return Fault(code, mark.line + piece.line, mark.column + 1, {}, hint)

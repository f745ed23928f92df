"""YAML text → a tree of nodes that know their place. Scalars stay the text that was typed.

The tree is built from the parser's events in one pass, not by the library's composer: 200 KB of `[` crash
that, and a 451-byte file of merge keys kept it busy for 54 s. An alias, anchor, tag, directive, second
document or deep nesting is refused at its event, before anything is built from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from studyhub.kernel.faults import Fault

DEEPEST = 20
MOST_NODES = 8_000_000


@dataclass(slots=True)
class Scalar:
    """A text; `end` is the index after its last character. `plain`: typed without quotes or a block sign."""

    line: int
    column: int
    value: str
    plain: bool
    end: int

    @property
    def is_null(self) -> bool:
        return self.plain and self.value in ("", "~", "null", "Null", "NULL")


@dataclass(slots=True)
class Sequence:
    """`flow`: written in brackets, on one line as a rule."""

    line: int
    column: int
    flow: bool
    items: list[Node]


@dataclass(slots=True)
class Mapping:
    """Keys and values as they follow each other, duplicates included. A key may be any node."""

    line: int
    column: int
    flow: bool
    pairs: list[tuple[Node, Node]]


Node = Scalar | Sequence | Mapping


def nodes(root: Node | None) -> Iterator[Node]:
    """Every node of a tree, keys too; a mapping before what it holds."""
    waiting = [] if root is None else [root]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Sequence):
            waiting += node.items
        elif isinstance(node, Mapping):
            waiting += [part for pair in node.pairs for part in pair]


def scalars(root: Node) -> Iterator[Scalar]:
    """The texts of a tree that are values, in the order of the file."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            yield node
        elif isinstance(node, Sequence):
            waiting += reversed(node.items)
        else:
            waiting += [value for _, value in reversed(node.pairs)]


_ENDS = frozenset({yaml.SequenceEndEvent, yaml.MappingEndEvent})


class Unreadable(Exception):
    """The text holds something that a file of ours never needs; `fault` says what and where."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.code)


def compose(text: str, *, first_line: int = 1, first_index: int = 0) -> Node | None:
    """The tree of one YAML document; None when it is empty.

    `first_line` and `first_index` say where the text begins within its file. Raises Unreadable for what is
    not allowed, and yaml.YAMLError (its marks count from the text's own beginning) for what is not YAML.
    """
    return _Composer(text, first_line, first_index).document()


class _Composer:
    """Builds the tree from events. They are untyped: the parser is C, and its events have no stubs."""

    def __init__(self, text: str, first_line: int, first_index: int) -> None:
        self._next: Callable[[], Any] = CParser(text).get_event
        self._line = first_line
        self._index = first_index
        self._nodes = 0

    def document(self) -> Node | None:
        root: Node | None = None
        while type(event := self._next()) is not yaml.StreamEndEvent:
            if type(event) is not yaml.DocumentStartEvent:
                continue
            if event.version or event.tags:
                raise self._unreadable("directive", event)
            if root is not None:
                raise self._unreadable("many_documents", event)
            root = self._tree()
        return None if root is None or _is_nothing(root) else root

    def _tree(self) -> Node:
        """The node that comes next. A loop with its own stack: deep nesting cannot exhaust Python's."""
        root = self._node(self._next())
        if isinstance(root, Scalar):
            return root
        # What is open, each with the key that waits for its value.
        stack: list[Sequence | Mapping] = [root]
        keys: list[Node | None] = [None]
        following, node_of = self._next, self._node
        while stack:
            event = following()
            if type(event) in _ENDS:
                stack.pop()
                keys.pop()
                continue
            node = node_of(event)
            parent = stack[-1]
            if isinstance(parent, Sequence):
                parent.items.append(node)
            elif (key := keys[-1]) is None:
                keys[-1] = node
            else:
                parent.pairs.append((key, node))
                keys[-1] = None
            if not isinstance(node, Scalar):
                if len(stack) >= DEEPEST:
                    raise self._unreadable("too_deep", event, deepest=DEEPEST)
                stack.append(node)
                keys.append(None)
        return root

    def _node(self, event: Any) -> Node:
        self._nodes += 1
        kind: Any = type(event)
        if kind is yaml.AliasEvent or event.anchor or event.tag is not None or self._nodes > MOST_NODES:
            self._check(event)
        mark = event.start_mark
        line, column = mark.line + self._line, mark.column + 1
        if kind is yaml.ScalarEvent:
            return Scalar(line, column, event.value, not event.style, event.end_mark.index + self._index)
        flow: bool = event.flow_style
        if kind is yaml.SequenceStartEvent:
            return Sequence(line, column, flow, [])
        return Mapping(line, column, flow, [])

    def _check(self, event: Any) -> None:
        if type(event) is yaml.AliasEvent:
            raise self._unreadable("alias", event, name=event.anchor)
        if event.anchor is not None:
            raise self._unreadable("anchor", event, name=event.anchor)
        if event.tag is not None:
            raise self._unreadable("tag", event, name=event.tag)
        if self._nodes > MOST_NODES:
            raise self._unreadable("too_many_nodes", event, most=MOST_NODES)

    def _unreadable(self, code: str, event: Any, **params: object) -> Unreadable:
        mark = event.start_mark
        hint = "quote_if_text" if code in ("alias", "anchor", "tag") else ""
        return Unreadable(Fault(code, mark.line + self._line, mark.column + 1, params, hint))


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and not node.value

"""From a fault in a bank file that a program wrote, back to the value of the question that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studyhub.kernel.faults import Fault
from studyhub.questions import document
from studyhub.questions.document import Mapping, Node, Scalar

_ITEM = "- "


def keys_at(lines: Sequence[str], fault: Fault) -> tuple[str, ...]:
    """The keys that lead from the question to the value (or key) at the fault's place; () for all of it."""
    first = _beginning(lines, fault.line - 1)
    if first is None:
        return ()
    end = next((at for at in range(first + 1, len(lines)) if lines[at].startswith(_ITEM)), len(lines))
    root = document.compose("\n".join(lines[first:end]), first_line=first + 1)
    if not isinstance(root, document.Sequence):
        return ()
    return next(_leading(root.items[0], (fault.line, fault.column), ()), ())


def _beginning(lines: Sequence[str], at: int) -> int | None:
    """The line on which the question begins that this line belongs to."""
    return next((line for line in range(at, -1, -1) if lines[line].startswith(_ITEM)), None)


def _leading(node: Node, place: tuple[int, int], keys: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The ways to what stands there, the shortest first: a mapping begins where its first key does."""
    if (node.line, node.column) == place:
        yield keys
    if isinstance(node, Mapping):
        for key, value in node.pairs:
            name = (*keys, key.value if isinstance(key, Scalar) else "")
            if (key.line, key.column) == place:
                yield name
            yield from _leading(value, place, name)
    elif isinstance(node, document.Sequence):
        for at, item in enumerate(node.items):
            yield from _leading(item, place, (*keys, str(at)))

"""A bank → its file, as a person would write it. Reading it back gives the same bank."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from studyhub.questions.bank import Bank

# Keys whose values are not texts to a reader of the file: they stand without quotation marks.
_UNQUOTED = frozenset({"points", "difficulty", "tolerance", "review_by"})
_SHORT = frozenset({"tags", "answer", "source"})
_NUMBERS = "variables"
_LAST = "questions"


class _Plain(str):
    """A scalar without quotation marks."""


class _Row(list[Any]):
    """A list on one line."""


class _RowOfPairs(dict[str, Any]):
    """A mapping on one line."""


class _Dumper(yaml.CSafeDumper):
    pass


# What PyYAML writes as a text without quotation marks, and editors (YAML 1.2) read as a number: 0e0, 08.
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"),
)


def _plain(dumper: Any, value: _Plain) -> yaml.Node:
    tag = dumper.resolve(yaml.ScalarNode, str(value), (True, False))
    node: yaml.Node = dumper.represent_scalar(tag, str(value))
    return node


def _text(dumper: Any, value: str) -> yaml.Node:
    style = "|" if "\n" in value else None
    node: yaml.Node = dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)
    return node


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Plain, _plain)
_Dumper.add_representer(
    _Row, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)
)
_Dumper.add_representer(
    _RowOfPairs,
    lambda dumper, value: dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True),
)


def dump(bank: Bank) -> str:
    """The text of the bank file."""
    return dump_written(bank.head, [question.written for question in bank.questions])


def dump_written(head: Mapping[str, Any], questions: Iterable[Mapping[str, Any]]) -> str:
    """The text of a bank file that says this, valid or not."""
    return _dumped(head, {_LAST: [_question(question) for question in questions]}).replace(
        "\n- id: ", "\n\n- id: "
    )


def under_head(text: str, head: Mapping[str, Any]) -> str:
    """A file of `dump_written` that says this of the bank instead."""
    _before, key, questions = f"\n{text}".partition(f"\n{_LAST}:")
    return f"{_dumped(head, {})}{key[1:]}{questions}"


def _dumped(head: Mapping[str, Any], more: Mapping[str, Any]) -> str:
    text: str = yaml.dump(
        {key: _shaped(key, value) for key, value in head.items()} | dict(more),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=1_000_000,
        default_flow_style=False,
    )
    return text


def _question(written: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _shaped(key, value, str(written.get("type"))) for key, value in written.items()}


def _shaped(key: str, value: Any, kind: str = "") -> Any:
    """The value in the style in which people write this key."""
    if isinstance(value, str) and (key in _UNQUOTED or (key == "answer" and kind == "number")):
        return value if "{{" in value else _Plain(value)
    if key == "questions":
        return [_question(part) for part in value]
    if key == "rubric":
        return [_RowOfPairs({k: _shaped(k, v) for k, v in criterion.items()}) for criterion in value]
    if key == _NUMBERS:
        return {name: _domain(domain) for name, domain in value.items()}
    if isinstance(value, list) and key in _SHORT:
        return _Row(_Row(item) if isinstance(item, list) else item for item in value)
    if isinstance(value, Mapping):
        return _RowOfPairs(value) if key in _SHORT else {k: _option(v) for k, v in value.items()}
    return value


def _domain(domain: Mapping[str, Any]) -> _RowOfPairs:
    """`{from: 2, to: 9}`, `{choose: [10, 20]}`."""
    return _RowOfPairs(
        {
            key: _Row(map(_Plain, value)) if isinstance(value, list) else _Plain(str(value))
            for key, value in domain.items()
        }
    )


def _option(value: Any) -> Any:
    return _RowOfPairs(value) if isinstance(value, Mapping) else value

"""From any format to a valid bank, and on to any other: one pipeline, one report.

Whatever a reader gives is judged by the checker of the bank file. A question with a fault is skipped with
that fault as its reason, so what comes out is a bank that `banks check` accepts.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.faults import PLACE, Fault
from studyhub.questions import bank_file, source
from studyhub.questions.bank import LANGUAGES, Bank, Question
from studyhub.questions.bank_file import Checked
from studyhub.questions.bank_keys import RESERVED
from studyhub.questions.fields import SLUG
from studyhub.questions.formats import bank_yaml, pictures
from studyhub.questions.formats.decoding import without_unseen
from studyhub.questions.formats.exchange import (
    Choice,
    Doubt,
    Format,
    Item,
    Note,
    Place,
    Reading,
    Skipped,
    Source,
    Writing,
    merged,
)
from studyhub.questions.formats.identity import named, names_of, slug_of
from studyhub.questions.formats.pinpoint import keys_at
from studyhub.questions.formats.yaml_bank import draft_of

_SHORTEST_CHINESE = 0.15
"""The share of Chinese characters from which a text is taken for Chinese."""


Choose = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Given what a source says of the bank itself: what a person says of it, which counts before that."""


HEAD_OF_NONE: Mapping[str, Any] = {"bank": "item", "title": "item", "language": "zh"}
"""For questions that are judged before anybody has said which bank they become."""


MOST_IN_CELLS = 300
"""Warnings whose cell is looked for: it means to read the question's part of the bank file again."""

_UNREAD_KEYS = frozenset({"answer_unread"})
"""Doubts of a reader about an answer that it could not read."""

_SPARE = frozenset({"points", "difficulty", "tags", "review_by", "source", "marking", "max_chars"})
"""Keys that a question may be taken without, if a person says so."""

_ANY: Item = {"id": "any", "type": "truefalse", "prompt": "?", "answer": True}


@dataclass(frozen=True, slots=True)
class Admitted:
    """A source as a valid bank: `data` is its bank file, and `checked` what the checker says of that.

    None of both when no question is left. `head` is what the bank is called, `said` what the source says of
    it; `made` are the ids that questions got here because the source gives them none; `refused` is what was
    skipped because the checker refuses it, by the index of the question in the reading.
    """

    checked: Checked | None
    data: bytes
    read: int
    skipped: Sequence[Skipped]
    notes: Sequence[Note]
    doubts: Sequence[Doubt]
    assets: Mapping[str, bytes]
    said: Mapping[str, Any] = field(default_factory=dict)
    made: frozenset[str] = frozenset()
    head: Mapping[str, Any] = field(default_factory=dict)
    refused: Mapping[int, Skipped] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    """where each question stands in the source, by its id"""

    @property
    def bank(self) -> Bank | None:
        return self.checked.bank if self.checked else None

    @property
    def taken(self) -> int:
        return self.read - len(self.skipped)

    @property
    def unread(self) -> list[Skipped]:
        """What was skipped and asks something, so that its question is not in the bank."""
        return [one for one in self.skipped if one.unread]


def warned(admitted: Admitted, most: int) -> dict[str, Place]:
    """Where in the source the first warnings about its questions are, by `subject code`."""
    checked = admitted.checked
    lines = source.lines(checked.text) if checked else []
    found: dict[str, Place] = {}
    for fault in checked.faults[:most] if checked else ():
        place = admitted.places.get((fault.subject or "").split("/")[0])
        if place is not None and place.kind != "name":
            found.setdefault(f"{fault.subject} {fault.code}", place.of(keys_at(lines, fault)))
    return found


def located(checked: Checked, admitted: Admitted | None) -> Checked:
    """The same; what is said of a question says where in the source it stands: the first in which cell."""
    if admitted is None:
        return checked
    return placed(checked, warned(admitted, MOST_IN_CELLS), admitted.places)


def placed(checked: Checked, exact: Mapping[str, Place], known: Mapping[str, Place]) -> Checked:
    """The same by places that are known: `exact` by `subject code`, the others by question."""

    def at(fault: Fault) -> Fault:
        place = exact.get(f"{fault.subject} {fault.code}") or known.get((fault.subject or "").split("/")[0])
        if place is None:
            return fault
        # What finds a cell of the source is no part of where it is.
        return replace(fault, params={**fault.params, PLACE: asdict(replace(place, locate=None))})

    return replace(checked, faults=[at(fault) for fault in checked.faults])


@dataclass(frozen=True, slots=True)
class Converted:
    """The whole report of a conversion: `read` is `written` and what was skipped."""

    data: bytes
    suffix: str
    read: int
    written: int
    skipped: Sequence[Skipped]
    notes: Sequence[Note]
    assets: int
    doubts: Sequence[Doubt] = ()


def convert(source: Source, reader: Format, writer: Format) -> Converted:
    """Read, check, write. Raises Unreadable when nothing can be read."""
    admitted = admit(source, reader)
    writing = Writing(suffix=writer.suffix)
    if admitted.bank is not None:
        assert writer.write is not None
        writing = writer.write(draft_of(admitted.bank, dict(admitted.assets)))
    return Converted(
        writing.data,
        writing.suffix,
        admitted.read,
        writing.written,
        [*admitted.skipped, *writing.skipped],
        merged([*admitted.notes, *writing.notes]),
        len(admitted.assets),
        admitted.doubts,
    )


Settle = Callable[[Reading], Reading]
"""What persons decided about a reading: the same with its doubtful items as they should be."""


def admit(
    source: Source,
    reader: Format,
    choose: Choose = lambda said: {},
    settle: Settle = lambda reading: reading,
) -> Admitted:
    """Read a source, and keep of it what the checker has nothing against."""
    assert reader.read is not None
    return admit_reading(settle(reader.read(source)), source.name, choose)


def admit_reading(reading: Reading, name: str, choose: Choose = lambda said: {}) -> Admitted:
    """The same of what was read already of a source with this name."""
    items = _named(reading)
    places = {item["id"]: place for item, place in zip(items, reading.places, strict=True)}
    head = _head(reading, name, choose(reading.head))
    checked, data, faults = _accepted(head, items)
    doubts = [_admitted(doubt, items[doubt.at]["id"], faults) for doubt in reading.doubts]
    refused = _refused(reading, items, faults)
    gone = {places[name] for name in faults} - {places[name] for name in places.keys() - faults.keys()}
    assets = _used(checked, reading, places)
    return Admitted(
        checked=checked,
        data=data,
        read=reading.read,
        skipped=[*reading.skipped, *(_as_doubted(one, at, reading) for at, one in refused.items())],
        notes=merged(note for note in reading.notes if gone.isdisjoint(note.places)),
        doubts=doubts,
        assets=assets,
        said=reading.head,
        made=frozenset(item["id"] for item, q in zip(items, reading.questions, strict=True) if not named(q)),
        head=head,
        refused=refused,
        places=places,
    )


def _as_doubted(one: Skipped, at: int, reading: Reading) -> Skipped:
    """Of a question without a key, what the reader saw where it should stand says more than that it lacks."""
    if one.code != "missing_key":
        return one
    seen = next((doubt for doubt in reading.doubts if doubt.at == at and doubt.code in _UNREAD_KEYS), None)
    return replace(one, code=seen.code, params=seen.params) if seen else one


def head_with(head: Mapping[str, Any], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """What a bank is called when a person chose this. Raises Unreadable for what no bank can be called."""
    told = {**head, **{key: _plain(value) for key, value in chosen.items() if value}}
    checked = bank_file.check(bank_yaml.dump_written(told, [_ANY]).encode())
    if checked.bank is None:
        raise _faulty_head(checked)
    return told


def under_head(data: bytes, head: Mapping[str, Any]) -> tuple[Checked, bytes]:
    """A bank file that was made here, as another bank. Raises Unreadable for a faulty head."""
    renamed = bank_yaml.under_head(data.decode(), head).encode()
    checked = bank_file.check(renamed, one_each=True)
    if checked.bank is None:
        raise _faulty_head(checked)
    return checked, renamed


def _refused(reading: Reading, items: Sequence[Item], faults: Mapping[str, Refusal]) -> dict[int, Skipped]:
    listed = zip(items, reading.places, reading.sources, strict=True)
    return {
        at: Skipped(
            place.of(one.keys), one.fault.code, one.fault.params, source, _without(reading, at, one.keys)
        )
        for at, (item, place, source) in enumerate(listed)
        if (one := faults.get(item["id"]))
    }


def _without(reading: Reading, at: int, keys: Sequence[str]) -> tuple[Choice, ...]:
    """The question without what is wrong with it, where it need not say that at all."""
    question = reading.questions[at]
    if not keys or keys[0] not in _SPARE or keys[0] not in question:
        return ()
    rest = {key: value for key, value in question.items() if key != keys[0]}
    return (Choice(f"without_{keys[0]}", rest),)


def checked_alone(item: Item) -> tuple[Question | None, Fault | None]:
    """What the checker makes of one item by itself: the question, or its first fault."""
    named = _named(Reading([item], [Place.question(1)], [""]))
    checked, _data, faults = _accepted(HEAD_OF_NONE, named)
    if checked is None or checked.bank is None:
        return None, next((one.fault for one in faults.values()), None)
    return checked.bank.questions[0], None


def _admitted(doubt: Doubt, name: str, faults: Mapping[str, Refusal]) -> Doubt:
    return replace(doubt, question="" if name in faults else name)


def _named(reading: Reading) -> list[Item]:
    """The questions, each with an id of its own, without characters that no bank file takes."""
    plain = [_plain(question) for question in reading.questions]
    named = []
    for name, clean, question, place in zip(
        names_of(plain), plain, reading.questions, reading.places, strict=True
    ):
        if clean != question:
            reading.notes.append(Note("unseen_removed", {}, (place,)))
        if question.get("id") and str(question["id"]) != name:
            renamed = {"was": str(question["id"])[:100], "now": name}
            reading.notes.append(Note("renamed", renamed, (place,)))
        named.append(_identified(name, clean))
    return named


def _identified(name: str, question: Item) -> Item:
    """The question under this id; those of a passage get one each where they have none."""
    named = {"id": name, **{key: value for key, value in question.items() if key != "id"}}
    parts = question.get("questions")
    if isinstance(parts, list) and all(isinstance(part, dict) for part in parts):
        named["questions"] = [
            _identified(own, part) for own, part in zip(names_of(parts), parts, strict=True)
        ]
    return named


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return without_unseen(value).strip()
    if isinstance(value, dict):
        return {_plain(str(key)): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _head(reading: Reading, name: str, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """What the bank is called: as a person chose, as the file says, else as the file is called."""
    stem = posixpath.splitext(posixpath.basename(name.replace("\\", "/")))[0]
    said = {key: value for key, value in {**reading.head, **chosen}.items() if value}
    slug = str(said.get("bank", ""))
    if not SLUG.fullmatch(slug):
        slug = slug_of(slug) or slug_of(stem)
        slug = "imported" if not slug or slug in RESERVED else slug
    title = str(_plain(str(said.get("title") or stem or slug))) or slug
    language = said.get("language")
    if language not in LANGUAGES:
        language = _language(reading.questions)
    return {**said, "bank": slug, "title": title, "language": language}


def _language(questions: Sequence[Item]) -> str:
    text = "".join(str(question.get("prompt", ""))[:200] for question in questions[:200])
    letters = [character for character in text if character.isalpha()]
    chinese = sum("\u4e00" <= character <= "\u9fff" for character in letters)
    return "zh" if not letters or chinese >= _SHORTEST_CHINESE * len(letters) else "en"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The fault of an item, and the keys that lead to the value which is wrong."""

    fault: Fault
    keys: Sequence[str]


def _accepted(head: Mapping[str, Any], items: list[Item]) -> tuple[Checked | None, bytes, dict[str, Refusal]]:
    """What the checker accepts, its bank file, and why not, of each of the rest.

    Raises Unreadable for a faulty head. Each round leaves out all that are faulty, so it comes to an end.
    """
    refused: dict[str, Refusal] = {}
    while items:
        data = bank_yaml.dump_written(head, items).encode()
        checked = bank_file.check(data, one_each=True)
        if checked.bank is not None:
            return checked, data, refused
        faults = _first_of_each(checked.faults)
        if not faults:
            raise _faulty_head(checked)
        lines = source.lines(checked.text)
        refused |= {name: Refusal(fault, keys_at(lines, fault)) for name, fault in faults.items()}
        items = [item for item in items if item["id"] not in faults]
    return None, b"", refused


def _faulty_head(checked: Checked) -> Unreadable:
    fault = next(fault for fault in checked.faults if fault.is_error)
    return Unreadable("faulty_head", fault=fault.code, about=dict(fault.params))


def _first_of_each(faults: Sequence[Fault]) -> dict[str, Fault]:
    first: dict[str, Fault] = {}
    for fault in faults:
        if fault.is_error and fault.subject:
            # A fault in a question of a passage keeps the whole passage out.
            first.setdefault(fault.subject.split("/")[0], fault)
    return first


def _used(checked: Checked | None, reading: Reading, places: Mapping[str, Place]) -> dict[str, bytes]:
    """The files that the questions name. Those that are missing, or there and not named, are noted."""
    wanted: dict[str, str] = {}
    for question in checked.bank.questions if checked and checked.bank else ():
        for path in pictures.named(question.written):
            wanted.setdefault(path, question.id)
    for path, name in wanted.items():
        if path not in reading.assets:
            reading.notes.append(Note("file_missing", {"path": path}, (places[name],)))
    for path in reading.assets.keys() - wanted.keys():
        reading.note("file_not_named", path=path)
    return {path: data for path, data in reading.assets.items() if path in wanted}

"""What every exchange format speaks: a source is read into questions, a draft is written into a file.

Questions are plain mappings in the shape of the bank file (`Question.written`): the checker judges them like
any bank file, so no format needs to know a question type's rules. Nothing is ever lost in silence: what was
read is what was written and what was skipped, each with its reason; what a format cannot carry is a note.
Reasons are codes with parameters; `formats/wording.py` says them in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, NoReturn

from pydantic import Field

from studyhub.kernel.errors import Unreadable

Item = dict[str, Any]
"""A question as the bank file writes it: `{"id": …, "type": "single", "prompt": …, "options": {…}, …}`.

Texts are Markdown, images by relative path. Numbers (points, tolerance, the answer of `number`) are texts as
typed. `id` may be missing from what a reader gives: the conversion derives one from the content.
"""

Assets = Mapping[str, bytes]
"""Files beside the bank by their relative path, byte for byte."""

MOST_ITEMS = 100_000
"""Questions of one file; more than that is something else."""


class Skip(Exception):
    """This one item cannot be read or carried. Raised for each by readers and writers, gathered here.

    `at` are the keys that lead to the value of the item that is wrong, where it is one.
    """

    def __init__(self, code: str, *, at: Sequence[str] = (), **params: Any) -> None:
        self.code = code
        self.at = at
        self.params = params
        self.choices: tuple[Choice, ...] = ()
        """what a person may take it for instead"""
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: the letters that Excel shows over its column, its header, and what it says."""

    column: str
    header: str
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person finds an item: its name in the file, or its number there (`kind` says of what).

    `within` is the part of the file that is numbered by itself, such as a sheet of a workbook. `cell` is the
    part of the item that is meant; `locate` gives the place of a value of it, by the keys that lead there.
    """

    kind: Literal["name", "question", "row", "line"]
    at: int = 0
    name: str = ""
    within: str = ""
    cell: Cell | None = None
    # What is kept of a place as JSON leaves this out.
    locate: Annotated[Callable[[Sequence[str]], Place] | None, Field(exclude=True)] = field(
        default=None, compare=False, repr=False
    )

    @classmethod
    def named(cls, name: str) -> Place:
        """Of an item that the file gives a name, an id or an identifier."""
        return cls("name", name=name)

    @classmethod
    def question(cls, number: int, name: str = "") -> Place:
        """Of the item with this number, from 1, by its name where it has one."""
        return cls.named(name) if name else cls("question", number)

    @classmethod
    def row(cls, number: int, sheet: str = "", cell: Cell | None = None) -> Place:
        """Of a row as the sheet's program numbers it, or of a cell of it."""
        return cls("row", number, within=sheet, cell=cell)

    @classmethod
    def line(cls, number: int) -> Place:
        """Of the item that begins in this line."""
        return cls("line", number)

    def of(self, keys: Sequence[str]) -> Place:
        """The place of the value that these keys lead to, as near as it is known."""
        return self.locate(keys) if self.locate and keys else self


@dataclass(frozen=True, slots=True)
class Choice:
    """Another reading of an item. The same decision has the same `name` in any file: `multiple`, `true`."""

    name: str
    item: Item


@dataclass(frozen=True, slots=True)
class Skipped:
    """An item that was left out, and why."""

    place: Place
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    """the text that it stands in, where there is one to read"""
    choices: tuple[Choice, ...] = ()
    """what a person may take it for instead"""
    before: int = field(default=0, compare=False)
    """how many questions of the source were read before it"""

    @property
    def unread(self) -> bool:
        """Whether it is a question that could not be read; a description asks nothing."""
        return self.code != "description"


@dataclass(frozen=True, slots=True)
class Note:
    """Something of these items that did not come along, though they did; no `places`: of the whole."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """An item that was read by a guess, beside the text it was read from: for a person to decide.

    `at` is its index among the questions of the reading. `question` is the id that it was admitted under; ""
    when the checker refused it. `choices` are what else it may mean.
    """

    place: Place
    at: int
    code: str
    source: str
    params: Mapping[str, Any] = field(default_factory=dict)
    question: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a file, and what the reader may want to know beside them.

    `columns` maps a sheet's header to our column (or "" to ignore it). `beside` gives the bytes of a file by
    its path relative to this one, or None; without it the file came alone.
    """

    data: bytes
    name: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    beside: Callable[[str], bytes | None] | None = None
    seen: dict[str, Any] = field(init=False, default_factory=dict, compare=False, repr=False)
    """what was found out about it, for whoever asks again"""


@dataclass(slots=True)
class Reading:
    """What came of a source. `head` holds what the file says of the bank itself, if anything.

    `places` says of each question where it stands in the source, `sources` (where it has one) in which words.
    """

    questions: list[Item] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    assets: dict[str, bytes] = field(default_factory=dict)
    head: dict[str, Any] = field(default_factory=dict)
    _at: Place | None = None

    @property
    def read(self) -> int:
        """How many items the source holds."""
        return len(self.questions) + len(self.skipped)

    def add(self, place: Place, read: Callable[[], Item], source: str = "") -> None:
        """One more item of the source: a question, or skipped. Raises Unreadable when there are too many.

        `source` is its text, for who decides about it.
        What `read` notes and doubts is said of this item; of one that is skipped only the reason remains.
        """
        if self.read >= MOST_ITEMS:
            raise Unreadable("too_many_items", most=MOST_ITEMS)
        notes, doubts = len(self.notes), len(self.doubts)
        self._at = place
        try:
            self.questions.append(read())
            self.places.append(place)
            self.sources.append(source)
        except Skip as skip:
            at, before = place.of(skip.at), len(self.questions)
            self.skipped.append(Skipped(at, skip.code, skip.params, source, skip.choices, before))
            del self.notes[notes:], self.doubts[doubts:]
        finally:
            self._at = None

    def parts(self, named: Iterable[tuple[str, Callable[[], Item]]]) -> list[Item]:
        """The questions of the passage that is being read, by what their names and `read` give. One that
        cannot be read is skipped alone. Raises Skip when there is none."""
        made: list[Item] = []
        for name, read in named:
            notes, doubts = len(self.notes), len(self.doubts)
            try:
                made.append(read())
            except Skip as skipped:
                place, before = Place.question(self.read + 1, name[:80]), len(self.questions)
                self.skipped.append(Skipped(place, skipped.code, skipped.params, before=before))
                del self.notes[notes:], self.doubts[doubts:]
        return made or skip("description")

    def note(self, code: str, **params: Any) -> None:
        """Of the item that is being read; between items, of the whole."""
        self.notes.append(Note(code, params, (self._at,) if self._at else ()))

    def doubt(self, code: str, source: str, choices: tuple[Choice, ...] = (), **params: Any) -> None:
        """Of the item that is being read: by a guess, from this text."""
        assert self._at is not None
        self.doubts.append(Doubt(self._at, len(self.questions), code, source, params, choices=choices))


def _unwatched(passed: int) -> None:
    """Questions written, and nobody counts them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A bank as plain mappings, with the files that its texts name: what writers take.

    `passed` is told of each question how many are written or skipped with it.
    """

    head: Mapping[str, Any]
    questions: Sequence[Item]
    assets: Assets = field(default_factory=dict)
    passed: Callable[[int], None] = field(default=_unwatched, compare=False, repr=False)

    @property
    def slug(self) -> str:
        return str(self.head["bank"])


@dataclass(slots=True)
class Writing:
    """What a writer made: the file, how many questions are in it, and what is not."""

    data: bytes = b""
    suffix: str = ""
    written: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


Carried = Mapping[str, frozenset[str]]
"""By question type, the keys of a question that a format has a place for (`id`, `type`, `prompt` aside).

Besides the keys of the bank file: `feedback` (of options) and `images`. A type that is absent is skipped.
"""


@dataclass(frozen=True, slots=True)
class Format:
    """One exchange format. `recognises` tells by the content (and the name) whether a source is in it;
    `media_types` are content types that name it and no other; `typed` reads what a person typed in the place
    of an item, where that is not the usual layout."""

    name: str
    suffix: str
    carries: Carried
    recognises: Callable[[Source], bool]
    read: Callable[[Source], Reading] | None = None
    write: Callable[[Draft], Writing] | None = None
    media_types: tuple[str, ...] = ()
    typed: Callable[[str], Reading] | None = None


def skip(code: str, *, at: Sequence[str] = (), **params: Any) -> NoReturn:
    """Leave the item out; for use within an expression."""
    raise Skip(code, at=at, **params)


def merged(notes: Iterable[Note]) -> list[Note]:
    """Notes that say the same of several items, as one; each item once."""
    together: dict[tuple[str, str], list[Note]] = {}
    for note in notes:
        together.setdefault((note.code, repr(sorted(note.params.items()))), []).append(note)
    return [
        Note(
            same[0].code,
            same[0].params,
            tuple(dict.fromkeys(place for note in same for place in note.places)),
        )
        for same in together.values()
    ]

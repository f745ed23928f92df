"""Banks for programs: check a file, plan its import, apply the plan.

The body of `check` and `plans` is the file itself: a bank file, or a file of any format that is read. `from`
names the format, else the content type does where it means one, else it is found by what the file holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from flask import request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field

from studyhub.kernel.errors import Unprocessable, Unreadable
from studyhub.kernel.permissions import Permission
from studyhub.media.store import Store
from studyhub.questions import importing, intake, losses, queries, touching, wording
from studyhub.questions.bank_file import Checked
from studyhub.questions.checking import unread
from studyhub.questions.fields import SLUG
from studyhub.questions.formats import FORMATS, READ, conversion, incoming
from studyhub.questions.formats.conversion import Choose
from studyhub.questions.formats.exchange import Source
from studyhub.questions.formats.incoming import Incoming
from studyhub.questions.formats.wording import admission, place_of, refusal
from studyhub.questions.importing import Doors, Offer
from studyhub.questions.source import LARGEST
from studyhub.questions.uploads import heads
from studyhub.web.api import answers, checked_query, spec, takes_file
from studyhub.web.clock import now
from studyhub.web.guard import Room
from studyhub.web.identity import current_actor
from studyhub.web.services import clock, settings
from studyhub.web.transaction import read, write

room = Room("banks_api", __name__, refusals=wording.REFUSALS)

MEDIA_TYPES = (*incoming.media_types(), "text/plain", "application/zip", "application/octet-stream")


class BankFault(BaseModel):
    """One mistake. Line and column are 1-based, in characters; 0 where the whole file is meant. `text` is
    what stands there. `item`: where it stands in a file of another format, such as its row."""

    line: int
    column: int
    severity: Literal["error", "warning"]
    code: str
    message: str
    hint: str | None
    question: str | None
    item: str | None
    text: str


class CheckedFile(BaseModel):
    path: str
    questions: int
    faults: list[BankFault]


class SkippedItem(BaseModel):
    """An item of the file that is no question of the bank, by its place in the file, and why.

    `text` is what the cell of a sheet says that is wrong; "" in other files."""

    item: str
    code: str
    reason: str
    text: str


class ConversionNote(BaseModel):
    """What did not come along, or came otherwise; no items: of the file as a whole."""

    code: str
    message: str
    items: list[str]


class DoubtfulItem(BaseModel):
    """What was read by a guess, with the text that it came from; `question` is its id in the bank."""

    item: str
    question: str | None
    code: str
    message: str
    source: str


class Conversion(BaseModel):
    """What became of a file of another format: `read` is `written` and what was skipped."""

    read: int
    written: int
    skipped: list[SkippedItem]
    notes: list[ConversionNote]
    doubts: list[DoubtfulItem]
    assets: int


class BankReport(BaseModel):
    """As the command line reports it; `faults` are those of the one file. `conversion`: null for a bank
    file; of another format what is faulty is skipped, and is an error: `line` is a row of its sheet or a line
    of its text, else 0."""

    files: list[CheckedFile]
    questions: int
    errors: int
    warnings: int
    faults: list[BankFault]
    conversion: Conversion | None


class Arrival(BaseModel):
    """The query of a file: its format and its name. The rest counts for formats that a bank is made of:
    the bank that it becomes, a new one or one that is there, and what is said of it."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    form: Literal[READ] | None = Field(default=None, alias="from")  # type: ignore[valid-type]
    name: str = Field(default="", max_length=200, description="The file's name.")
    bank: str | None = Field(default=None, pattern=SLUG.pattern)
    title: str | None = Field(default=None, max_length=200)
    language: Literal["zh", "en"] | None = None
    level: Literal["public", "internal", "restricted"] | None = None
    match: bool = Field(
        default=True, description="Whether questions without ids are looked for in the bank by their words."
    )

    @property
    def wanted(self) -> dict[str, str | None]:
        return {"bank": self.bank, "title": self.title, "language": self.language, "level": self.level}


class Applying(BaseModel):
    """`confirmed`: also when items of the file could not be read and questions would be retired."""

    model_config = ConfigDict(extra="forbid")

    confirmed: bool = False


class BankImport(BaseModel):
    """How many questions the bank has then, and what happens to them."""

    bank: str
    questions: int
    created: int
    changed: int
    retired: int
    unchanged: int
    key_changed: int
    brought_back: int


class BankChanges(BaseModel):
    """The ids of the questions, and the keys of the bank itself, that change."""

    created: list[str]
    changed: list[str]
    retired: list[str]
    key_changed: list[str]
    brought_back: list[str]
    bank: list[str]


class Papers(BaseModel):
    """How many papers hold one of some questions; `results` counts a member in an exam once."""

    open_attempts: int
    past_attempts: int
    results: int


class StoppedExam(BaseModel):
    """An exam that would find too few questions: nobody could start it."""

    slug: str
    title: str


class BankTouches(BaseModel):
    """The papers with a question whose key changes, and those with one that leaves the bank; how many essays
    come in or change, and the titles of the exams that could draw one of them; the exams that could be drawn
    no more."""

    key_changed: Papers
    retired: Papers
    essays: int
    essays_drawn_by: list[str]
    exams_stopped: list[StoppedExam]


class RecognisedQuestion(BaseModel):
    """A question of the file that came without an id and is this one of the bank, so alike in per cent."""

    question: str
    percent: int


class PlannedImport(BankImport):
    """`matches` are questions without ids that were recognised: they change and are not replaced."""

    id: int
    matches: list[RecognisedQuestion]
    changes: BankChanges
    touches: BankTouches
    warnings: list[BankFault]
    conversion: Conversion | None


@room.post("/api/v1/banks/check", permission=Permission.MANAGE_BANKS, transaction=None, max_body=LARGEST + 1)
@spec.validate(query=Arrival, resp=answers(HTTP_200=BankReport, problems=(422,)), tags=["banks"])
@takes_file(*MEDIA_TYPES)
def check_bank() -> ResponseReturnValue:
    """Every fault of a file, and what of another format can be taken. Nothing is stored."""
    arrived = _arrived(checked_query(Arrival))
    report = unread.report([("", arrived.checked, arrived.admitted)])
    return report | {"faults": report["files"][0]["faults"], "conversion": _conversion(arrived)}


@room.post("/api/v1/banks/plans", permission=Permission.MANAGE_BANKS, transaction=None, max_body=LARGEST + 1)
@spec.validate(query=Arrival, resp=answers(HTTP_201=PlannedImport, problems=(422,)), tags=["banks"])
@takes_file(*MEDIA_TYPES)
def plan_bank() -> ResponseReturnValue:
    """What importing this file would do. A bank file with errors is 422 `faulty_file` with its `faults`; of
    another format what is faulty is skipped and named, and 422 means that nothing is left."""
    asked = checked_query(Arrival)
    arrived = _arrived(asked, heads.chosen(asked.wanted, asked.name, _known))
    taken = intake.take(arrived.data, arrived.checked, arrived.beside, Store(settings().data_dir))
    checked = replace(taken.checked, faults=arrived.checked.faults)
    if checked.bank is None:
        listed = wording.faults_json(conversion.located(checked, arrived.admitted), place_of)
        faults = {"faults": listed, "conversion": _conversion(arrived)}
        raise Unprocessable("faulty_file", **faults)
    doors = _doors()
    bank, checked = checked.bank, importing.beside_known(doors, checked)
    made = arrived.admitted.made if arrived.admitted and asked.match else frozenset()
    offer = Offer(bank, taken.data, asked.name, taken.kept, checked=checked, made=made)
    offer = replace(offer, unread=len(arrived.admitted.unread) if arrived.admitted else 0)
    return _planned(importing.plan_import(doors, offer), checked, arrived), 201


def _planned(prepared: importing.Prepared, checked: Checked, arrived: Incoming) -> dict[str, Any]:
    """A stored plan as the interface has it."""
    plan = prepared.plan
    with read() as session:
        touches = touching.of_plan(session, current_actor(), plan, now())
    return {
        "id": prepared.plan_id,
        **plan.counts,
        "matches": [one.as_json for one in prepared.matches],
        "changes": plan.changes,
        "touches": touches.as_json,
        "warnings": wording.faults_json(conversion.located(checked, arrived.admitted), place_of),
        "conversion": _conversion(arrived),
    }


@room.post("/api/v1/banks/plans/<int:plan_id>/apply", permission=Permission.MANAGE_BANKS, transaction=None)
@spec.validate(query=Applying, resp=answers(HTTP_200=BankImport, problems=(409,)), tags=["banks"])
def apply_bank(plan_id: int) -> ResponseReturnValue:
    """Carry out one's own plan. 409 `plan_stale` when the bank has changed since; 409 `unread_would_retire`
    when items of the file could not be read and questions would be retired, until `?confirmed=true`."""
    doors = _doors()
    losses.check_kept(doors, plan_id, confirmed=checked_query(Applying).confirmed)
    prepared = importing.prepare(doors, plan_id)
    importing.apply(doors, [prepared])
    return prepared.plan.counts


def _arrived(asked: Arrival, choose: Choose = lambda said: {}) -> Incoming:
    source = Source(request.get_data(), asked.name)
    origin = FORMATS[asked.form] if asked.form else incoming.of_media_type(request.mimetype)
    try:
        return incoming.read(source, origin or incoming.format_of(source), choose)
    except Unreadable as error:
        raise Unprocessable("unreadable_file", cause=error.code, reason=refusal(error)) from error


def _conversion(arrived: Incoming) -> dict[str, Any] | None:
    return admission(arrived.admitted) if arrived.admitted else None


def _known(slug: str) -> Mapping[str, Any]:
    with read() as session:
        return queries.bank_in_force(session, slug).head


def _doors() -> Doors:
    return Doors(read, write, current_actor(), clock())

"""The desk for programs: begin a bank, act on its questions, release them, and look into its history."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Literal

from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field

from studyhub.kernel.errors import Unprocessable
from studyhub.kernel.events import PapersFound
from studyhub.kernel.permissions import Permission
from studyhub.questions import history, listing, offering, releasing, touching, undoing, wording
from studyhub.questions.api import BankImport, Papers
from studyhub.questions.bank_file import Checked
from studyhub.questions.beginning import head, operations
from studyhub.questions.bulk import acts
from studyhub.questions.bulk.acts import Done, Order
from studyhub.questions.desk import restoring
from studyhub.questions.history import Change, Past
from studyhub.questions.importing import Doors
from studyhub.questions.listing import BankRow
from studyhub.questions.releasing import Outcome
from studyhub.questions.states import ChangeKind
from studyhub.web.api import Page, answers, checked_body, checked_query, decode_place, listed, spec
from studyhub.web.guard import Room
from studyhub.web.identity import current_actor
from studyhub.web.limits import LARGEST_ID
from studyhub.web.services import clock
from studyhub.web.transaction import current_session, read, write

room = Room("bank_desk_api", "studyhub.questions", url_prefix="/api/v1/banks", refusals=wording.REFUSALS)

VIEW, MANAGE = Permission.VIEW_BANKS, Permission.MANAGE_BANKS
MOST_AT_ONCE = 500
Act = Literal["tag", "untag", "keep_out", "let_in", "review", "release", "draft", "move", "take_out"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewBank(_Strict):
    """A bank that begins empty."""

    bank: str = Field(max_length=64)
    title: str
    language: Literal["zh", "en"]
    level: Literal["public", "internal", "restricted"] = "internal"


class BankHead(BaseModel):
    """A bank without its questions. `version` rises by one with each change."""

    bank: str
    title: str
    language: str
    level: str
    version: int
    questions: int
    changed_at: datetime
    release_required: bool


class ReleaseRequired(_Strict):
    """Whether only released questions get into new papers. `confirmed`: also when that leaves some out."""

    required: bool
    confirmed: bool = False


class BankAct(_Strict):
    """What is done to some questions; `value` is the tag, or the bank that they move to. `confirmed`: also
    when exams could be drawn no more then."""

    act: Act
    questions: list[str] = Field(min_length=1, max_length=MOST_AT_ONCE)
    value: str = Field(default="", max_length=200)
    confirmed: bool = False


class ActDone(BaseModel):
    """How many questions were changed or moved on. `version` is the one that can be undone, null when there
    is none. Of a review, a release and a return to draft: `own` are one's own, which somebody else must
    release; `elsewhere` do not stand where the step begins. `missing` are not in the bank."""

    changed: int
    version: int | None
    own: int
    elsewhere: int
    missing: int


class BankChangeItem(BaseModel):
    """A version of a bank: how it came, by whom ("" the command line), how many questions it concerned."""

    version: int
    kind: Literal[tuple(kind.value for kind in ChangeKind)]  # type: ignore[valid-type]
    file_name: str
    by: str
    at: datetime
    created: int
    changed: int
    retired: int


class BankChangeList(BaseModel):
    """The newest first."""

    items: list[BankChangeItem]
    next: str | None


class Undoing(_Strict):
    """`confirmed`: also when exams could be drawn no more then."""

    confirmed: bool = False


class TouchedQuestion(BaseModel):
    """A question that a change concerned: the revision before it and after it, null where there was none."""

    id: str
    before: int | None
    after: int | None
    prompt: str


class BankChangeDetail(BankChangeItem):
    """A change with at most 200 of the questions that it concerned."""

    questions: list[TouchedQuestion]


class KeyTouches(BaseModel):
    """The papers with a question that is marked otherwise now; they keep the key they were drawn with."""

    key_changed: Papers


class ChangeUndone(BaseModel):
    """How many questions are again what they were; `kept` were changed once more since, and stay."""

    done: int
    kept: int
    touches: KeyTouches


class QuestionRevisionItem(BaseModel):
    """A revision as the bank file writes it, and what brought it; `left` took the question out after it."""

    number: int
    in_force: bool
    key_changed: bool
    question: dict[str, Any]
    change: BankChangeItem
    left: BankChangeItem | None


class QuestionHistory(BaseModel):
    """Every revision of a question, the newest first."""

    items: list[QuestionRevisionItem]
    next: None


class Restored(BankImport):
    """What became of the bank, and which papers have the question when its key changed."""

    touches: KeyTouches


class Restoring(_Strict):
    """Which revision is wanted again. `seen` is the one in force, 0 when the question has left the bank."""

    number: int = Field(ge=1, le=LARGEST_ID)
    seen: int = Field(ge=0, le=LARGEST_ID)


@room.post("", permission=MANAGE, transaction=None)
@spec.validate(json=NewBank, resp=answers(HTTP_201=BankHead, problems=(409,)), tags=["banks"])
def begin_bank() -> ResponseReturnValue:
    """Begin an empty bank. What is said of it is judged as its file would be: 422 with the faults."""
    said = head.read(checked_body(NewBank).model_dump())
    faults = [replace(fault, line=0, column=0) for each in head.judge(said).values() for fault in each]
    if faults:
        raise Unprocessable("faulty_head", faults=wording.faults_json(Checked(None, faults, 0)))
    operations.begin(_doors(), said)
    return _head(_bank(said["bank"])), 201


@room.get("/<slug>", permission=VIEW)
@spec.validate(resp=answers(HTTP_200=BankHead), tags=["banks"])
def bank_head(slug: str) -> ResponseReturnValue:
    """What a bank says of itself."""
    return _head(listing.bank(current_session(), current_actor(), slug))


@room.put("/<slug>/release-required", permission=MANAGE, transaction=None)
@spec.validate(json=ReleaseRequired, resp=answers(HTTP_200=BankHead, problems=(409,)), tags=["banks"])
def require_release(slug: str) -> ResponseReturnValue:
    """Ask for a release before questions of this bank get into new papers, or no longer. 409
    `release_leaves_out` says how many questions would be `left_out` and which `exams` (slug, title) could be
    drawn no more, until it is `confirmed`."""
    asked = checked_body(ReleaseRequired)
    if _bank(slug).release_required != asked.required:
        if asked.required:
            offering.check_release(_doors(), slug, confirmed=asked.confirmed)
        releasing.switch(_doors(), slug, asked.required)
    return _head(_bank(slug))


@room.post("/<slug>/acts", permission=MANAGE, transaction=None)
@spec.validate(json=BankAct, resp=answers(HTTP_200=ActDone, problems=(409,)), tags=["banks"])
def act_on_questions(slug: str) -> ResponseReturnValue:
    """Do one thing to some questions. A change that made a `version` is undone by undoing that. 409
    `exams_would_stop` names the `exams` (slug, title) that could be drawn no more, until that is `confirmed`.
    """
    asked, _row = checked_body(BankAct), _bank(slug)
    if asked.act == "move":
        _bank(asked.value)  # above one's clearance it does not exist
    order = Order(slug, tuple(dict.fromkeys(asked.questions)), asked.act, asked.value)
    offering.check_confirmed(_doors(), acts.offers(_doors(), order), confirmed=asked.confirmed)
    return done_json(acts.perform(_doors(), order))


@room.get("/<slug>/changes", permission=MANAGE)
@spec.validate(query=Page, resp=answers(HTTP_200=BankChangeList), tags=["banks"])
def bank_changes(slug: str) -> ResponseReturnValue:
    """Who changed the bank, when and how."""
    asked = checked_query(Page)
    bank = listing.bank(current_session(), current_actor(), slug)
    rows = history.changes_before(current_session(), bank, decode_place(asked.after, int), asked.limit + 1)
    return listed(rows, asked.limit, change_json, lambda change: (change.version,))


@room.get("/<slug>/changes/<int:version>", permission=MANAGE)
@spec.validate(resp=answers(HTTP_200=BankChangeDetail), tags=["banks"])
def bank_change(slug: str, version: int) -> ResponseReturnValue:
    """One change, with the questions that it concerned."""
    bank = listing.bank(current_session(), current_actor(), slug)
    change, touched = history.touched(current_session(), bank, version)
    questions = [
        {"id": one.id, "before": one.before, "after": one.after, "prompt": one.prompt} for one in touched
    ]
    return change_json(change) | {"questions": questions}


@room.post("/<slug>/changes/<int:version>/undo", permission=MANAGE, transaction=None)
@spec.validate(query=Undoing, resp=answers(HTTP_200=ChangeUndone, problems=(409,)), tags=["banks"])
def undo_change(slug: str, version: int) -> ResponseReturnValue:
    """Make the questions of a change what they were before it, in every bank that it touched. 409
    `exams_would_stop` as for an act, until `?confirmed=true`."""
    with read() as session:
        history.touched(session, listing.bank(session, current_actor(), slug), version)
        for other in undoing.banks_of(session, slug, version):
            listing.bank(session, current_actor(), other)
    confirmed = checked_query(Undoing).confirmed
    touched = undoing.touched(_doors(), slug, version)
    offering.check_confirmed(_doors(), touched.offers, confirmed=confirmed)
    undone = undoing.undo(_doors(), slug, version)
    return {"done": undone.done, "kept": undone.kept, "touches": keys_json(touched.papers)}


@room.get("/<slug>/questions/<name>/revisions", permission=MANAGE)
@spec.validate(resp=answers(HTTP_200=QuestionHistory), tags=["banks"])
def question_history(slug: str, name: str) -> ResponseReturnValue:
    """What a question was, who made it so, when and how."""
    bank = listing.bank(current_session(), current_actor(), slug)
    revisions = history.of_question(current_session(), bank, name)
    return {"items": [revision_json(each) for each in revisions], "next": None}


@room.post("/<slug>/questions/<name>/restore", permission=MANAGE, transaction=None)
@spec.validate(json=Restoring, resp=answers(HTTP_200=Restored, problems=(409,)), tags=["banks"])
def restore_question(slug: str, name: str) -> ResponseReturnValue:
    """What an older revision said, as a new one; `touches` counts the papers that another key leaves as
    they are. 409 `question_changed` when `seen` is in force no more."""
    asked, bank = checked_body(Restoring), _bank(slug)
    wanted = restoring.revision(_doors(), bank, name, asked.number)
    touched = touching.by_another_key(_doors(), slug, wanted)
    done = restoring.restore(_doors(), bank, wanted, asked.seen)
    return done.plan.counts | {"touches": keys_json(touched)}


def keys_json(papers: PapersFound) -> dict[str, Any]:
    """The papers that another key touches, as the API and the command line give them."""
    return {"key_changed": asdict(papers)}


def done_json(done: Done | Outcome) -> dict[str, Any]:
    """What came of an act, as the API and the command line give it."""
    if isinstance(done, Done):
        changed, version, own, elsewhere = done.changed, done.version or None, 0, 0
    else:
        changed, version, own, elsewhere = done.done, None, done.own, done.elsewhere
    return {
        "changed": changed,
        "version": version,
        "own": own,
        "elsewhere": elsewhere,
        "missing": done.missing,
    }


def _head(bank: BankRow) -> dict[str, Any]:
    return {
        "bank": bank.slug,
        "title": bank.title,
        "language": bank.language,
        "level": bank.level.value,
        "version": bank.version,
        "questions": bank.questions,
        "changed_at": bank.changed_at.isoformat(),
        "release_required": bank.release_required,
    }


def change_json(change: Change) -> dict[str, Any]:
    """A change as the API and the command line give it."""
    return {
        "version": change.version,
        "kind": change.kind.value,
        "file_name": change.file_name,
        "by": change.by,
        "at": change.at.isoformat(),
        "created": change.created,
        "changed": change.changed,
        "retired": change.retired,
    }


def revision_json(past: Past) -> dict[str, Any]:
    """A revision as the API and the command line give it."""
    return {
        "number": past.number,
        "in_force": past.in_force,
        "key_changed": past.key_changed,
        "question": dict(past.written),
        "change": change_json(past.change),
        "left": change_json(past.left) if past.left else None,
    }


def _bank(slug: str) -> BankRow:
    with read() as session:
        return listing.bank(session, current_actor(), slug)


def _doors() -> Doors:
    return Doors(read, write, current_actor(), clock())

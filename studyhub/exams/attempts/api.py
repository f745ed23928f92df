"""Sitting an exam over HTTP: the endpoints that the taking page and scripts use alike."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, Literal, TypeVar, cast

from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from studyhub.exams.attempts import answering, closing, delivery, records, reviewing, starting, taking_over
from studyhub.exams.attempts.available import visible_exams
from studyhub.exams.attempts.closing import Submission
from studyhub.exams.attempts.payload import attempt_payload, exam_payload, result_payload, review_payload
from studyhub.exams.saving import Place, Save
from studyhub.exams.wording import REFUSALS, printed_rule
from studyhub.kernel.errors import BadRequest, Unprocessable
from studyhub.kernel.permissions import Permission
from studyhub.web.api import OwnCheck, answers, checked_body, spec
from studyhub.web.clock import now
from studyhub.web.guard import Room
from studyhub.web.identity import current_actor
from studyhub.web.request_faults import fault
from studyhub.web.services import database
from studyhub.web.transaction import commit_early, current_session, read

room = Room("attempts_api", "studyhub.exams", url_prefix="/api/v1", refusals=REFUSALS)

LARGEST_ANSWER = 64 * 1024
LARGEST_SUBMISSION = 1024 * 1024
V = TypeVar("V", bound=Callable[..., Any])
KEPT = (409, 422)
"""Refused saves leave their row in the journal."""

_ID = "<int(max=9223372036854775807):attempt_id>"
_POSITION = "<int(min=1, max=9999):position>"
Seq = Annotated[int, Field(strict=True, ge=0, le=2**53 - 1)]
Epoch = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
Position = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,3}$")]


class SpanAnswer(BaseModel):
    """From the least to the most that a paper can have; often both are the same."""

    least: float
    most: float


class Listed(BaseModel):
    """An exam as it stands for this member."""

    slug: str
    title: str
    state: Literal["upcoming", "open", "in_progress", "closed"]
    opens_at: str | None
    closes_at: str | None
    minutes: int | None
    attempts_left: int | None = Field(description="null: no limit")
    attempt_id: int | None = Field(description="the attempt in progress")
    questions: SpanAnswer = Field(description="of a paper, those of passages included")
    max_score: SpanAnswer


class ExamList(BaseModel):
    """Every exam that is for this member."""

    items: list[Listed]
    next: str | None


class Option(BaseModel):
    """One option, lettered in the order shown to this member."""

    key: str
    html: str


class Group(BaseModel):
    """A passage: its questions follow each other and have the same `key`."""

    key: str
    html: str


class Question(BaseModel):
    """A question on a paper. `section` is an index (from 0) into the attempt's `sections`."""

    model_config = ConfigDict(extra="allow")

    position: int
    section: int
    type: str
    prompt_html: str
    points: float
    rule: str
    rule_code: str
    group: Group | None = Field(description="the passage that the question belongs to")
    options: list[Option] | None = None
    blanks: int | None = None
    unit: str | None = None
    max_chars: int | None = None


class StoredAnswer(BaseModel):
    """What counts for a position at the moment."""

    answer: Any
    seq: int
    saved_at: str


class SectionTitle(BaseModel):
    """A section of the paper."""

    title: str


class AttemptAnswer(BaseModel):
    """An attempt: open with questions and answers, or closed with what is released."""

    model_config = ConfigDict(extra="allow")

    id: int
    exam: str
    title: str
    number: int
    state: Literal["open", "submitted", "marked", "void"]
    deadline_at: str | None = None
    accept_until: str | None = None
    server_now: str | None = None
    epoch: int | None = None
    sections: list[SectionTitle] | None = None
    questions: list[Question] | None = None
    answers: dict[str, StoredAnswer] | None = None
    score: float | None = None
    max_score: float | None = None
    passed: bool | None = None


class NewAnswer(OwnCheck):
    """One save. `seq` rises with each save of the position; null clears the answer."""

    model_config = ConfigDict(extra="forbid")

    answer: Any
    epoch: Epoch
    seq: Seq


class SavedAnswer(BaseModel):
    """What is stored after the save, and what became of it."""

    position: int
    seq: int
    answer: Any
    saved_at: str
    outcome: Literal["saved", "duplicate", "superseded"]


class GivenAnswer(BaseModel):
    """An answer that comes with the submit."""

    model_config = ConfigDict(extra="forbid")

    answer: Any
    seq: Seq


class Handed(OwnCheck):
    """The body of a submit, all of it optional; answers need the epoch."""

    model_config = ConfigDict(extra="forbid")

    epoch: Epoch | None = None
    answers: dict[Position, GivenAnswer] = Field(default={}, max_length=500)


def _owner_first(view: V) -> V:
    """Somebody else's attempt is not found, whatever is wrong with the body. Only a refusal asks for it."""

    @wraps(view)
    def checked(attempt_id: int, **rest: Any) -> Any:
        try:
            return view(attempt_id=attempt_id, **rest)
        except (BadRequest, Unprocessable):
            records.own(current_session(), current_actor(), attempt_id)
            raise

    return cast(V, checked)


@room.get("/exams", permission=Permission.TAKE_EXAMS)
@spec.validate(resp=answers(HTTP_200=ExamList), tags=["exams"])
def list_exams() -> ResponseReturnValue:
    """The exams that are for this member, what is open first."""
    exams = visible_exams(current_session(), current_actor(), now=now())
    return {"items": [exam_payload(exam) for exam in exams], "next": None}


@room.post("/exams/<slug>/attempts", permission=Permission.TAKE_EXAMS, writes=True, max_body=LARGEST_ANSWER)
@spec.validate(
    resp=answers(HTTP_200=AttemptAnswer, HTTP_201=AttemptAnswer, problems=(409,)), tags=["attempts"]
)
def start(slug: str) -> ResponseReturnValue:
    """Start an attempt (201), or go on with the one that is open (200)."""
    session, actor, at = current_session(), current_actor(), now()
    started = starting.start(session, actor, slug, seed=secrets.randbits(63), now=at)
    opened = started.opened or delivery.attempt(session, actor, started.attempt_id, now=at)
    commit_early()  # a paper takes a while to write out
    return attempt_payload(opened, at, printed_rule), 201 if started.created else 200


@room.get(f"/attempts/{_ID}", permission=Permission.TAKE_EXAMS)
@spec.validate(resp=answers(HTTP_200=AttemptAnswer), tags=["attempts"])
def show(attempt_id: int) -> ResponseReturnValue:
    """The attempt as it stands. It never changes the epoch."""
    at = now()
    found = delivery.attempt(current_session(), current_actor(), attempt_id, now=at)
    return attempt_payload(found, at, printed_rule)


@room.post(
    f"/attempts/{_ID}/takeover",
    permission=Permission.TAKE_EXAMS,
    writes=True,
    commit_on=KEPT,
    max_body=LARGEST_ANSWER,
)
@spec.validate(resp=answers(HTTP_200=AttemptAnswer, problems=(409,)), tags=["attempts"])
def take_over(attempt_id: int) -> ResponseReturnValue:
    """Go on here: the answer holds the new epoch, and saves with the old one are refused."""
    session, actor, at = current_session(), current_actor(), now()
    taking_over.take_over(session, actor, attempt_id, now=at)
    return attempt_payload(delivery.attempt(session, actor, attempt_id, now=at), at, printed_rule)


@room.put(
    f"/attempts/{_ID}/answers/{_POSITION}",
    permission=Permission.TAKE_EXAMS,
    writes=True,
    commit_on=KEPT,
    max_body=LARGEST_ANSWER,
)
@_owner_first
@spec.validate(json=NewAnswer, resp=answers(HTTP_200=SavedAnswer, problems=(409,)), tags=["attempts"])
def save(attempt_id: int, position: int) -> ResponseReturnValue:
    """Save one answer. The answer always tells what is stored."""
    body = checked_body(NewAnswer)
    given = Save(body.answer, body.epoch, body.seq)
    saved = answering.save(current_session(), current_actor(), Place(attempt_id, position), given, now=now())
    commit_early()
    return {
        "position": saved.position,
        "seq": saved.stored.seq,
        "answer": saved.stored.answer,
        "saved_at": saved.stored.saved_at.isoformat(),
        "outcome": saved.outcome.value,
    }


@room.post(
    f"/attempts/{_ID}/submit",
    permission=Permission.TAKE_EXAMS,
    writes=True,
    commit_on=KEPT,
    max_body=LARGEST_SUBMISSION,
)
@_owner_first
@spec.validate(json=Handed, resp=answers(HTTP_200=AttemptAnswer, problems=(409,)), tags=["attempts"])
def submit(attempt_id: int) -> ResponseReturnValue:
    """Hand in. Handing in again answers the same result."""
    session, actor, at = current_session(), current_actor(), now()
    over = closing.submit(session, actor, attempt_id, _submission(checked_body(Handed)), now=at)
    result = delivery.closed(session, over, at)
    commit_early()
    return result_payload(result)


def _submission(body: Handed) -> Submission:
    """Raises Unprocessable when answers come without the epoch."""
    if body.answers and body.epoch is None:
        raise Unprocessable("invalid_request", faults=[fault("epoch", "missing")])
    epoch = body.epoch or 0
    return Submission(
        body.epoch,
        {int(position): Save(each.answer, epoch, each.seq) for position, each in body.answers.items()},
    )


@room.get(f"/attempts/{_ID}/review", permission=Permission.TAKE_EXAMS, transaction=None)
@spec.validate(resp=answers(HTTP_200=AttemptAnswer), tags=["attempts"])
def review(attempt_id: int) -> ResponseReturnValue:
    """The paper again, with what the review policy releases; 403 `not_released` before that."""
    actor, at = current_actor(), now()
    reviewing.mark_if_over(database(), actor, attempt_id, now=at)
    with read() as session:
        return review_payload(reviewing.review(session, actor, attempt_id, now=at), printed_rule)

"""Source documents for programs: what rests on each, and saying that one no longer holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field

from studyhub.kernel.errors import Unprocessable
from studyhub.kernel.page import Page, PageRequest
from studyhub.kernel.permissions import Permission
from studyhub.questions import offering, wording
from studyhub.questions.importing import Doors
from studyhub.questions.sources import documents
from studyhub.questions.sources.documents import Document, Resting
from studyhub.web.api import Page as Query
from studyhub.web.api import answers, checked_body, checked_query, decode_place, encode_cursor, spec
from studyhub.web.guard import Room
from studyhub.web.identity import current_actor
from studyhub.web.services import clock
from studyhub.web.transaction import current_session, read, write

room = Room(
    "bank_sources_api",
    "studyhub.questions",
    url_prefix="/api/v1/source-documents",
    refusals=wording.REFUSALS,
)

VIEW, MANAGE = Permission.VIEW_BANKS, Permission.MANAGE_BANKS
LONGEST = 500


class SourceDocument(BaseModel):
    """A document in one of its versions ("" where none is named), with the titles of the banks in which
    questions rest on it. `superseded_at`: since when it no longer holds."""

    document: str
    version: str
    questions: int
    banks: list[str]
    superseded_at: datetime | None


class SourceDocumentList(BaseModel):
    """By name."""

    items: list[SourceDocument]
    next: str | None


class RestingQuestion(BaseModel):
    """A question that rests on it. `to_review`: nobody has looked at it since the document was superseded."""

    bank: str
    id: str
    prompt: str
    state: Literal["draft", "reviewed", "released"]
    to_review: bool


class RestingQuestionList(BaseModel):
    """Those that are to be reviewed first."""

    items: list[RestingQuestion]
    next: str | None


class Asked(Query):
    """The document, in one of its versions."""

    document: str = Field(max_length=LONGEST)
    version: str = Field(default="", max_length=LONGEST)


class Mark(BaseModel):
    """Whether the document no longer holds; `confirmed`: also when exams could be drawn no more then."""

    model_config = ConfigDict(extra="forbid")

    document: str = Field(min_length=1, max_length=LONGEST)
    version: str = Field(default="", max_length=LONGEST)
    superseded: bool
    confirmed: bool = False


class Marked(BaseModel):
    """`missed`: banks that were being changed at this moment; the same call once more reaches them."""

    document: str
    version: str
    superseded: bool
    missed: list[str]


@room.get("", permission=VIEW)
@spec.validate(query=Query, resp=answers(HTTP_200=SourceDocumentList), tags=["banks"])
def source_documents() -> ResponseReturnValue:
    """What the questions of all banks rest on."""
    asked = _page_asked(checked_query(Query), sort="document")
    found = documents.page(current_session(), current_actor(), asked)
    return {"items": [document_json(row) for row in found.items], "next": _next(found)}


@room.get("/questions", permission=VIEW)
@spec.validate(query=Asked, resp=answers(HTTP_200=RestingQuestionList), tags=["banks"])
def resting_questions() -> ResponseReturnValue:
    """The questions that rest on one document."""
    asked = checked_query(Asked)
    source = asked.document, asked.version
    found = documents.resting_on(current_session(), current_actor(), source, _page_asked(asked))
    return {"items": [_resting_json(row) for row in found.items], "next": _next(found)}


@room.put("/superseded", permission=MANAGE, transaction=None)
@spec.validate(json=Mark, resp=answers(HTTP_200=Marked, problems=(409,)), tags=["banks"])
def mark() -> ResponseReturnValue:
    """Say that a document no longer holds, which pulls its questions back to draft, or that it does after
    all. 409 `exams_would_stop` names the `exams` (slug, title) that could be drawn no more, until that is
    `confirmed`."""
    asked = checked_body(Mark)
    doors = Doors(read, write, current_actor(), clock())
    return marked_json(doors, (asked.document, asked.version), asked.superseded, confirmed=asked.confirmed)


def marked_json(
    doors: Doors, source: tuple[str, str], superseded: bool, *, confirmed: bool
) -> dict[str, Any]:
    """Mark the document, or take the mark away; as the API and the command line tell it."""
    if superseded:
        with doors.read() as session:
            changes = documents.offers(session, source)
        offering.check_confirmed(doors, changes, confirmed=confirmed)
    missed = documents.supersede(doors, source) if superseded else documents.hold_again(doors, source)
    return {"document": source[0], "version": source[1], "superseded": superseded, "missed": missed}


def document_json(row: Document) -> dict[str, Any]:
    """A document as the API and the command line give it."""
    return {
        "document": row.document,
        "version": row.version,
        "questions": row.questions,
        "banks": list(row.banks),
        "superseded_at": row.superseded_at.isoformat() if row.superseded_at else None,
    }


def _resting_json(row: Resting) -> dict[str, Any]:
    return {
        "bank": row.bank,
        "id": row.id,
        "prompt": row.prompt,
        "state": row.state.value,
        "to_review": row.to_review,
    }


def _page_asked(asked: Query, sort: str = "") -> PageRequest:
    """The cursor is the number of a page: keep `limit` from one call to the next."""
    page = decode_place(asked.after, int)
    if page is not None and page < 1:
        raise Unprocessable("bad_cursor")
    return PageRequest(sort=sort, page=page or 1, size=asked.limit)


def _next(found: Page[Any]) -> str | None:
    return encode_cursor(found.request.page + 1) if found.has_next else None

"""The shape of an exam file. The admin's form and a stored revision have the same keys."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from studyhub.exams.file.scalars import (
    Attempts,
    BranchCode,
    Distinct,
    Moment,
    OneOrMore,
    Percent,
    SectionPoints,
    Slug,
    Tag,
    Title,
)
from studyhub.exams.release import Release
from studyhub.exams.states import ExamState, Keep
from studyhub.questions.difficulty import Band

MAX_QUESTIONS = 500
MAX_MINUTES = 7 * 24 * 60


class Part(BaseModel):
    """Every mapping of the file: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class TagsPart(Part):
    """Which tags a question has: all of these, any of those, none of these."""

    all: Annotated[list[Tag], OneOrMore, Distinct] = []
    any: Annotated[list[Tag], OneOrMore, Distinct] = []
    none: Annotated[list[Tag], OneOrMore, Distinct] = []


class WherePart(Part):
    """Which questions of the banks a section draws. A plain list of tags means: any of them."""

    type: Annotated[list[str], OneOrMore, Distinct] = []
    difficulty: Annotated[list[Band], OneOrMore, Distinct] = []
    tags: TagsPart = TagsPart()

    @field_validator("tags", mode="before")
    @classmethod
    def _any_of(cls, value: Any) -> Any:
        return value if isinstance(value, (dict, TagsPart)) else {"any": value}


class SectionPart(Part):
    """One part of the paper."""

    title: Title
    draw: Annotated[int, Field(ge=1, le=MAX_QUESTIONS)]
    from_: Annotated[list[Slug], OneOrMore, Distinct, Field(alias="from", min_length=1)]
    where: WherePart = WherePart()
    points: SectionPoints | None = None
    mix: dict[Band, Percent] = {}
    must: Annotated[list[str], OneOrMore, Distinct] = []

    @field_validator("mix")
    @classmethod
    def _whole(cls, mix: dict[Band, Any]) -> dict[Band, Any]:
        if mix and sum(mix.values()) != 1:
            raise PydanticCustomError("mix_not_whole", "the shares do not sum to 100 %")
        return mix


class ShufflePart(Part):
    """Whether each paper has its own order."""

    questions: bool = True
    options: bool = True


class ReviewPart(Part):
    """When each part of the review is shown."""

    score: Release = Release.SUBMITTED
    answers: Release = Release.CLOSED
    explanations: Release = Release.CLOSED


class ExamFile(Part):
    """The whole file."""

    exam: Slug
    title: Title
    opens: Moment | None = None
    closes: Moment | None = None
    minutes: Annotated[int, Field(ge=1, le=MAX_MINUTES)] | None = None
    attempts: Attempts = 1
    keep: Keep = Keep.BEST
    pass_: Annotated[Percent | None, Field(alias="pass")] = None
    for_: Annotated[list[BranchCode], OneOrMore, Distinct, Field(alias="for")] = []
    state: ExamState = ExamState.PUBLISHED
    sections: Annotated[list[SectionPart], Field(min_length=1, max_length=20)]
    shuffle: ShufflePart = ShufflePart()
    avoid_seen: bool = False
    balance: Percent | None = None
    on_deadline: Literal["submit", "grace", "discard"] = "submit"
    review: ReviewPart = ReviewPart()
    rehearsal: bool = False

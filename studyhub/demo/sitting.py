"""One attempt of the history, sat through the engine: started, answered as able, handed in or forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.demo.answering import ability, given_answer
from studyhub.demo.chance import chance
from studyhub.demo.founding import Cast
from studyhub.demo.schedule import PlannedAttempt
from studyhub.demo.timeline import Act
from studyhub.exams.attempts import answering, closing, starting
from studyhub.exams.attempts.closing import Submission
from studyhub.exams.models import PaperQuestion
from studyhub.exams.saving import Place, Save
from studyhub.questions import revisions
from studyhub.questions.types.base import Answer
from studyhub.questions.variants import as_drawn

FORGOTTEN_AFTER = 3
"""In every so many questions one was answered when an attempt was left lying."""


@dataclass
class Sitting:
    """A planned attempt on its way; it knows its number in the database once it has been started."""

    planned: PlannedAttempt
    branch: str
    cast: Cast
    seed: int
    attempt_id: int = field(default=0, init=False)

    def acts(self) -> Iterator[Act]:
        """What happens in this attempt, and when."""
        yield Act(self.planned.starts, self.start)
        ends = self.planned.starts + timedelta(minutes=self.planned.minutes)
        yield Act(ends, self.hand_in if self.planned.handed_in else self.leave_lying)

    def start(self, session: Session, now: datetime) -> None:
        actor = self.cast.actor(session, self.planned.member_no, now)
        paper_seed = self._chance("paper").getrandbits(62)
        started = starting.start(session, actor, self.planned.exam, seed=paper_seed, now=now)
        self.attempt_id = started.attempt_id

    def hand_in(self, session: Session, now: datetime) -> None:
        actor = self.cast.actor(session, self.planned.member_no, now)
        answers = {position: Save(answer, 1, 1) for position, answer in self._answers(session).items()}
        closing.submit(session, actor, self.attempt_id, Submission(1, answers), now=now)

    def leave_lying(self, session: Session, now: datetime) -> None:
        """A few answers are saved, and nothing more comes: the sweep closes the attempt."""
        actor = self.cast.actor(session, self.planned.member_no, now)
        for position, answer in list(self._answers(session).items())[::FORGOTTEN_AFTER]:
            answering.save(session, actor, Place(self.attempt_id, position), Save(answer, 1, 1), now=now)

    def _answers(self, session: Session) -> dict[int, Answer]:
        """What this member gives for each question of the paper; nothing for those left out."""
        lines = session.execute(
            select(PaperQuestion.position, PaperQuestion.revision_id, PaperQuestion.layout)
            .where(PaperQuestion.attempt_id == self.attempt_id)
            .order_by(PaperQuestion.position)
        ).all()
        asked = revisions.load(session, [line.revision_id for line in lines])
        able = ability(self.planned.member_no, self.branch, self.planned.number, self.seed)
        luck = self._chance("answers")
        answers = {}
        for line in lines:
            drawn, order = as_drawn(asked[line.revision_id], line.layout)
            answers[line.position] = given_answer(drawn.question, order, able, luck)
        return {position: answer for position, answer in answers.items() if answer is not None}

    def _chance(self, purpose: str) -> Random:
        planned = self.planned
        return chance(purpose, planned.exam, planned.member_no, planned.number, self.seed)

"""Building the demo: a list of steps, each in its own short transactions, at simulated times in the past."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.demo import founding, history, loading, marker, timeline
from studyhub.demo.founding import Cast
from studyhub.demo.learning import plan_learning
from studyhub.demo.marker import Size
from studyhub.demo.people import ACCOUNTS, PlannedMember, plan_people
from studyhub.demo.personnel import Personnel
from studyhub.demo.programme import PlannedExam, plan_exams
from studyhub.demo.schedule import plan_attempts
from studyhub.demo.tree import PlannedBranch, plan_tree
from studyhub.exams import jobs as exam_jobs
from studyhub.organization import jobs as organization_jobs
from studyhub.organization.sign_in.passwords import hash_password, matches
from studyhub.tasks.context import WorkContext

Step = Callable[["Site"], None]

Progress = Callable[[int, int, Step | None], None]
"""Called with how many steps are done, how many there are, and the one that begins; None at the end."""


def _uncounted(done: int, total: int) -> None:
    """How far a step is, and nobody asks."""


@dataclass(frozen=True)
class Site:
    """What is built, where, and the moment that its history leads up to.

    A step that takes a while tells `counted` how much of it is done, of how much.
    """

    settings: Settings
    database: Database
    size: Size
    now: datetime
    counted: Callable[[int, int], None] = _uncounted

    @cached_property
    def branches(self) -> list[PlannedBranch]:
        return plan_tree(self.size.branches)

    @cached_property
    def people(self) -> list[PlannedMember]:
        return plan_people(self.branches, self.size.members, self.size.seed)

    @cached_property
    def exams(self) -> list[PlannedExam]:
        return plan_exams(self.size.exams)

    @property
    def work(self) -> WorkContext:
        """For the jobs of the ticker, at the end of the history."""
        return WorkContext(self.settings, self.database, clock=lambda: self.now)

    @property
    def founded(self) -> datetime:
        """A good while before the first exam opened."""
        earliest = min((exam.window.first for exam in self.exams), default=0)
        return self.now + timedelta(days=earliest - 300)


def build(site: Site, password: str, progress: Progress, steps: Sequence[Step] = ()) -> bool:
    """Fill the database of `site` by these steps (all of them when none are given); False when the demo was
    there already. The accounts get the password in any case.

    Raises Conflict for a database with other contents, ValueError for a size that cannot be.
    """
    steps = steps or STEPS
    assert site.people, "plans are made, and may be refused, before anything is written"
    fresh = marker.begin(site.settings, site.database, site.size)
    if fresh:
        for number, step in enumerate(steps):
            progress(number, len(steps), step)
            step(site)
        progress(len(steps), len(steps), None)
    set_passwords(site, password)
    if fresh:
        marker.finish(site.settings)
    return fresh


def set_passwords(site: Site, password: str) -> None:
    """Every account's password from now on; who has it already stays signed in. The audit trail is sealed."""
    with site.database.read() as session:
        stored = founding.password_hashes(session, [account.member_no for account in ACCOUNTS])
    changing = [number for number, kept in stored.items() if not matches(kept, password)]
    hashes = {member_no: hash_password(password) for member_no in changing}
    if hashes:
        with site.database.write() as session:
            founding.open_accounts(session, hashes, site.now)
    organization_jobs.seal_trail(site.work)


def found(site: Site) -> None:
    """The tree and its members."""
    with site.database.write() as session:
        founding.found(session, site.branches, site.people, site.founded)


def import_banks(site: Site) -> None:
    """The three question banks."""
    loading.import_banks(site.database, site.founded + timedelta(days=30))


def import_courses(site: Site) -> None:
    """The two courses; their videos are made now."""
    loading.import_courses(site.settings, site.database, site.founded + timedelta(days=60), site.counted)


def play_history(site: Site) -> None:
    """Exams, attempts, lessons studied, and what happened to members, in the order of time."""
    zone = site.settings.zone
    cast = Cast()
    personnel = Personnel.choose(site.people)
    studying = [person.member_no for person in site.people if person.member_no != personnel.leaver]
    today = site.now.astimezone(zone)
    planned = plan_attempts(site.exams, studying, site.size.attempts, site.size.seed, today)
    with site.database.read() as session:
        lessons = loading.course_lessons(session)
    studies = plan_learning(lessons, studying, cast, site.size.seed, today)
    timeline.play(
        site.database,
        [
            *history.exam_acts(site.exams, site.now, zone),
            *history.attempt_acts(planned, site.people, cast, site.size.seed),
            *(act for study in studies for act in study.acts()),
            *personnel.acts(site.now),
        ],
        site.counted,
    )


def close_expired(site: Site) -> None:
    """What the ticker would have done meanwhile."""
    exam_jobs.close_expired(site.work)


STEPS: tuple[Step, ...] = (found, import_banks, import_courses, play_history, close_expired)

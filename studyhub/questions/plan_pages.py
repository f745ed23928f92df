"""One page of a plan: a part of each of its lists, and what becomes of the questions in it.

Only what the page lists is read and rendered: a plan may have 50,000 questions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from studyhub.kernel.page import Page, PageRequest
from studyhub.questions import difference, images, queries
from studyhub.questions.bank import Question
from studyhub.questions.difference import Difference
from studyhub.questions.editor import editing
from studyhub.questions.plan import Plan
from studyhub.questions.revisions import Revision
from studyhub.questions.shown_plan import ShownPlan

A_PAGE = 20
LONGEST_KEY = 40
"""What is longer is not said in the line of the question, only in what opens under it."""


@dataclass(frozen=True, slots=True)
class Becoming:
    """What becomes of a question: `coming` as it would be, when it is not there now; else what differs."""

    coming: Revision | None = None
    differences: Sequence[Difference] = ()

    @property
    def key(self) -> Difference | None:
        """The right answer before and after, where both are short."""
        keys = [one for one in self.differences if (one.key, one.part) == ("answer", "")]
        return next((one for one in keys if max(len(one.old), len(one.new)) <= LONGEST_KEY), None)


KINDS: dict[str, Callable[[Plan], Sequence[str]]] = {
    "new": lambda plan: plan.new,
    "brought_back": lambda plan: plan.brought_back,
    "key_changed": lambda plan: plan.key_changed,
    "cosmetic": lambda plan: plan.cosmetic,
    "retired": lambda plan: plan.retired,
}
"""What becomes of a question, and which those are."""


@dataclass(frozen=True, slots=True)
class PlanPage:
    """`page` counts by the longest of the lists; `counts`: of each kind how many there are; `lists`: of each
    those that were looked for; `becoming` and `prompts` by the ids that this page lists; `kind`: the one that
    was asked for, "" all."""

    page: Page[int]
    counts: Mapping[str, int]
    lists: Mapping[str, Sequence[str]]
    becoming: Mapping[str, Becoming]
    prompts: Mapping[str, str]
    kind: str = ""

    def part(self, kind: str) -> Sequence[str]:
        """Those of a kind that are on this page."""
        return _part(self.lists[kind], self.page.request)


def look(session: Session, shown: ShownPlan, asked: PageRequest, kind: str = "") -> PlanPage:
    """The page of the plan that is asked for, of one kind or of all; some statements."""
    plan, kind = shown.plan, kind if kind in KINDS else ""
    lists = {name: of(plan) if kind in ("", name) else () for name, of in KINDS.items()}
    if asked.search:
        found = _found(session, shown, asked.search.casefold())
        lists = {name: [one for one in names if one in found] for name, names in lists.items()}
    longest = max(map(len, lists.values()))
    asked = replace(asked, size=A_PAGE)
    page = Page(list(range(longest))[asked.offset : asked.offset + A_PAGE], longest, asked)
    listed = {name: _part(names, asked) for name, names in lists.items()}
    will = shown.written([one for names in listed.values() for one in names])
    staying = [*listed["key_changed"], *listed["cosmetic"]]
    was = queries.written(session, plan.bank, staying) if staying else {}
    leaving = queries.prompts(session, plan.bank, listed["retired"]) if listed["retired"] else {}
    becoming = {
        name: Becoming(differences=difference.between(was[name], will[name]))
        for name in staying
        if name in was and name in will
    }
    for name in (*listed["new"], *listed["brought_back"]):
        if name in will:
            becoming[name] = Becoming(editing.shown(plan.bank, Question.stored(will[name])))
    prompts = leaving | {name: one["prompt"] for name, one in will.items()}
    in_words = {name: images.in_words(prompt) for name, prompt in prompts.items()}
    return PlanPage(
        page, {name: len(of(plan)) for name, of in KINDS.items()}, lists, becoming, in_words, kind
    )


def _found(session: Session, shown: ShownPlan, words: str) -> set[str]:
    """Those of the plan that have these words in their prompt or identifier."""
    plan = shown.plan
    ids = (one for of in KINDS.values() for one in of(plan) if words in one)
    there = queries.holding(session, plan.bank, words) if plan.retired else set()
    return {*ids, *shown.holding(words), *there.intersection(plan.retired)}


def _part(names: Sequence[str], asked: PageRequest) -> Sequence[str]:
    return names[asked.offset : asked.offset + asked.size]

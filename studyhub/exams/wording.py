"""The sentences of the exams' codes, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from studyhub.exams.access import Access
from studyhub.exams.release import Release
from studyhub.exams.states import AttemptState, Keep
from studyhub.exams.timing import Stage
from studyhub.kernel.faults import Fault
from studyhub.questions.bank_keys import SPOKEN_TYPES
from studyhub.questions.wording import FAULTS as COMMON_FAULTS
from studyhub.questions.wording import HINTS as COMMON_HINTS
from studyhub.questions.wording import TYPES
from studyhub.questions.wording import hint as common_hint
from studyhub.questions.wording import message as common_message
from studyhub.web.filters import in_its_language
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import lazy_gettext as _l

REFUSALS: dict[str, Any] = {
    "already_void": _l("This attempt is void already."),
    "attempt_closed": _l("This attempt is over. What had been saved before counts."),
    "banks_changed": _l(
        "A bank changed while this was being saved, so nothing was stored. Please save once more."
    ),
    "branches_changed": _l(
        "A branch changed while this was being saved, so nothing was stored. Please save once more."
    ),
    "bad_answer": _l("The answer to question %(position)s does not have the form that the question takes."),
    "cannot_be_drawn": _l(
        "The banks no longer hold enough questions for this exam. Please tell whoever set it."
    ),
    "exam_closed": _l("This exam is over."),
    "exam_changed": _l(
        "Somebody else changed this exam since you opened it, so nothing was stored. To put yours in the "
        "place of theirs, save once more."
    ),
    "exam_changed_since_shown": _l(
        "This exam, whom it reaches or how long its papers are has changed since it was shown to you, so "
        "nothing was done. Look at what it is now, and confirm it once more."
    ),
    "exam_taken": _l("There is already an exam with this short name. Choose another."),
    "exam_has_faults": _l("The exam has mistakes, so nothing was changed."),
    "exam_not_open": _l("This exam has not begun yet."),
    "exam_not_for_member": _l("The exam is not for the member %(member_no)s."),
    "minutes_out_of_range": _l("Extra time is 0 to 600 minutes."),
    "no_file": _l("Please choose a file."),
    "no_attempts_left": _l("All attempts at this exam are used."),
    "not_a_member": _l("Only members sit exams."),
    "not_released": _l("The review is not open yet."),
    "own_attempt": _l("Nobody voids an attempt of their own. Ask whoever leads the branch above."),
    "plan_changed": _l("Something changed since the plan was shown. Look at the new plan."),
    "reason_needed": _l("Please give the reason, in at most 500 characters."),
    "unknown_exam": _l("There is no exam “%(value)s”."),
    "taken_over": _l("This exam was continued on another device or page."),
}

LOOKING: dict[str, Any] = {
    "no_bank": _l("Tick the banks of this section first."),
    "none_found": _l("No question found. Try other words of its text."),
    "not_ticked": _l("Tick what you meant, or empty this field."),
}
"""What is missing while a question is looked for in the form."""

PRINTED_RULES: dict[str, Any] = {
    "single": _l("One option is right"),
    "truefalse": _l("Say whether it is true"),
    "multiple_exact": _l("Full points only for all right options and no wrong one"),
    "multiple_under_half": _l("Half the points for some of the right options; none with a wrong one"),
    "multiple_under_share": _l("Points in proportion to the right options; none with a wrong one"),
    "multiple_net": _l("Each right option adds its share, each wrong one takes one off; never below zero"),
    "blank": _l("Each blank counts the same"),
    "blank_any": _l("Each blank counts the same, in any order"),
    "number": _l("The number must be exact"),
    "number_within": _l("A small deviation is accepted"),
    "match": _l("Each pair counts the same"),
    "order_exact": _l("Full points only for the whole order"),
    "essay": _l("Read and marked by a person"),
    "order_pairs": _l("Points in proportion to the pairs of items that stand in the right order"),
}
"""What is printed beside a question, by the code of its marking rule."""


def section_title(title: str) -> str:
    """The heading of a section. One that only names a type of questions is said in the reader's language."""
    shown = in_its_language(title)
    code = SPOKEN_TYPES.get(title.strip().casefold())
    return shown if code is None or shown == title else str(TYPES[code])


def printed_rule(code: str) -> str:
    """The sentence of a marking rule."""
    return str(PRINTED_RULES.get(code, code))


KEEPS: dict[Keep, Any] = {
    Keep.BEST: _l("the best"),
    Keep.LAST: _l("the last"),
    Keep.FIRST: _l("the first"),
    Keep.AVERAGE: _l("the average of all"),
}
RELEASES: dict[Release, Any] = {
    Release.SUBMITTED: _l("shown as soon as it is handed in"),
    Release.CLOSED: _l("shown when the exam is over for everyone"),
    Release.NEVER: _l("never shown"),
}
ACCESS: dict[Access, Any] = {
    Access.UPCOMING: _l("not yet open"),
    Access.OPEN: _l("can be taken"),
    Access.IN_PROGRESS: _l("in progress"),
    Access.CLOSED: _l("over"),
}
STAGES: dict[Stage, Any] = {
    Stage.OPEN: _l("running"),
    Stage.UPCOMING: _l("not yet open"),
    Stage.CLOSED: _l("over"),
    Stage.DRAFT: _l("draft"),
}
ATTEMPT_STATES: dict[AttemptState, Any] = {
    AttemptState.OPEN: _l("in progress"),
    AttemptState.SUBMITTED: _l("handed in, being marked"),
    AttemptState.MARKED: _l("marked"),
    AttemptState.VOID: _l("void"),
}
BANDS: dict[str, Any] = {"easy": _l("easy"), "medium": _l("medium"), "hard": _l("hard")}

FAULTS: dict[str, Any] = {
    **COMMON_FAULTS,
    "duplicate_exam": _l("Another file of this run has the exam “%(value)s” as well (%(path)s)."),
    "not_whole": _l("“%(key)s” is a whole number from %(least)s to %(most)s."),
    "not_a_percentage": _l("“%(key)s” is a percentage; “%(value)s” is none."),
    "not_a_moment": _l("“%(key)s” is a day with a time; “%(value)s” is none."),
    "listed_twice": _l("“%(value)s” stands in “%(key)s” twice."),
    "bad_branch_code": _l("“%(value)s” is no branch code."),
    "section_count": _l("There are %(count)s sections; an exam has 1 to %(most)s."),
    "mix_not_whole": _l("The shares of “mix” do not sum to 100 %%."),
    "must_needs_bank": _l("“%(question)s” could be in several banks (%(banks)s). Write bank/id."),
    "must_not_in_from": _l("“%(question)s” is in the bank “%(bank)s”, which “from” does not name."),
    "not_supported_yet": _l(
        "“%(key)s” is not supported yet. Nothing is promised that is not kept: leave it out."
    ),
    "needs_minutes_or_closes": _l("The exam has no end: it needs “minutes”, “closes”, or both."),
    "closes_before_it_opens": _l("The exam closes before it opens."),
    "review_needs_closes": _l("“%(key)s: closed” needs “closes”: this exam never closes."),
    "review_never_opens": _l(
        "Right answers and explanations are shown when the exam is over, and this one has no end: members "
        "will never see them."
    ),
    "marked_by_a_person": _l(
        "“%(title)s” can draw essays. A person reads these, for which there is no page yet: whoever meets "
        "one has no score until there is. Name the types under “where” to leave essays out."
    ),
    "unknown_bank": _l("There is no bank “%(value)s”. Import it first."),
    "unknown_branch": _l("There is no branch “%(value)s” for which you set exams."),
    "for_needed": _l("Say for which of your branches the exam is."),
    "must_unknown": _l("Section %(section)s “%(title)s”: there is no question “%(question)s” to draw."),
    "must_not_in_where": _l("Section %(section)s “%(title)s”: “%(question)s” does not satisfy “where”."),
    "must_exceeds_draw": _l("Section %(section)s “%(title)s” draws %(draw)s, and %(must)s must be drawn."),
    "must_twice": _l("Section %(section)s “%(title)s”: “%(question)s” must be drawn twice."),
    "must_exceeds_mix": _l(
        "Section %(section)s “%(title)s”: %(must)s questions that must be drawn are “%(band)s”, "
        "and “mix” allows %(allows)s."
    ),
    "not_enough": _l("Section %(section)s “%(title)s”: %(cell)s needs %(needs)s, the banks hold %(holds)s"),
    "not_enough_together": _l(
        "%(cells)s need %(needs)s different questions together, the banks hold %(holds)s"
    ),
}
"""What is wrong with an exam file: these and the bank file's own."""

ON_PAGES: dict[str, Any] = {
    **FAULTS,
    "needs_minutes_or_closes": _l(
        "The exam has no end: say how long an attempt takes, when the exam closes, or both."
    ),
    "mix_not_whole": _l("The difficulty shares do not sum to 100 %%."),
    "review_needs_closes": _l(
        "This waits for the end of the exam, and it has none: fill in when it closes, or choose otherwise."
    ),
    "must_not_in_from": _l(
        "“%(question)s” is in the bank “%(bank)s”, from which this section does not draw. Tick that bank too."
    ),
    "must_not_in_where": _l(
        "Section %(section)s “%(title)s”: “%(question)s” is not of the kind that it draws."
    ),
    "must_exceeds_mix": _l(
        "Section %(section)s “%(title)s”: %(must)s questions that must be drawn are “%(band)s”, "
        "and the difficulty shares allow %(allows)s."
    ),
    "marked_by_a_person": _l(
        "“%(title)s” can draw essays. A person reads these, for which there is no page yet: whoever meets "
        "one has no score until there is. Tick the types that it may draw to leave essays out."
    ),
}
"""The same where nobody sees a file: a key is called as its field is, a type by its name."""

HINTS: dict[str, Any] = {
    **COMMON_HINTS,
    "write_percent": _l("Write it such as 60%%."),
    "check_year": _l("Check the year."),
    "give_an_end": _l("Write “closes”, or say under “review” when they are shown: “submitted” or “never”."),
    "write_moment": _l("Write it such as 2026-11-01 08:00."),
}


def fault_message(fault: Fault) -> str:
    """What is wrong with a file, in one sentence."""
    return common_message(replace(fault, params=_spoken(fault.params, {})), FAULTS)


def on_a_page(fault: Fault, field: str = "") -> str:
    """What is wrong with an exam where nobody sees a file; `field` is what the page calls the fault's key."""
    params = _spoken(fault.params, TYPES)
    if field:
        params["key"] = field
    return common_message(replace(fault, params=params), ON_PAGES)


def _spoken(given: Mapping[str, Any], types: Mapping[str, Any]) -> dict[str, Any]:
    params = dict(given)
    if "cells" in params:
        named = [
            _("“%(title)s” (%(cell)s)", title=cell["title"], cell=cell_name(cell, types))
            for cell in params["cells"]
        ]
        params["cells"] = _(", ").join(named)
    if "band" in params:
        params["band"] = str(BANDS[params["band"]])
    if "bands" in params:
        params["cell"] = cell_name(params, types)
    return params


HINTS_ON_PAGES: dict[str, Any] = {
    **HINTS,
    "give_an_end": _l("Change the exam: fill in when it closes, or show them once it is handed in."),
}


def fault_hint(fault: Fault) -> str | None:
    """What to do about a fault of a file, or None."""
    return common_hint(fault, HINTS)


def hint_on_a_page(fault: Fault) -> str | None:
    """The same where nobody sees a file."""
    return common_hint(fault, HINTS_ON_PAGES)


def cell_name(cell: Mapping[str, Any], types: Mapping[str, Any]) -> str:
    """What a cell asks for: `难 × multiple`, with the tags when it asks for some; `types` may name types."""
    bands = "/".join(str(BANDS[band]) for band in cell["bands"])
    named = [str(types.get(name, name)) for name in cell["types"]]
    parts = [bands, "/".join(named), "/".join(f"#{tag}" for tag in cell["tags"])]
    return " × ".join(part for part in parts if part) or _("any question")

"""The sentences of the exams' codes, in the reader's language."""

from __future__ import annotations

from typing import Any

from studyhub.web.i18n import lazy_gettext as _l

REFUSALS: dict[str, Any] = {
    "already_void": _l("This attempt is void already."),
    "attempt_closed": _l("This attempt is over. What had been saved before counts."),
    "bad_answer": _l("The answer to question %(position)s does not have the form that the question takes."),
    "cannot_be_drawn": _l(
        "The banks no longer hold enough questions for this exam. Please tell whoever set it."
    ),
    "exam_closed": _l("This exam is over."),
    "exam_has_faults": _l("The exam has mistakes, so nothing was changed."),
    "exam_not_open": _l("This exam has not begun yet."),
    "no_attempts_left": _l("All attempts at this exam are used."),
    "not_a_member": _l("Only members sit exams."),
    "not_released": _l("The review is not open yet."),
    "own_attempt": _l("Nobody voids an attempt of their own. Ask whoever leads the branch above."),
    "reason_needed": _l("Please give the reason, in at most 500 characters."),
    "taken_over": _l("This exam was continued on another device or page."),
}

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
}
"""What is printed beside a question, by the code of its marking rule."""


def printed_rule(code: str) -> str:
    """The sentence of a marking rule."""
    return str(PRINTED_RULES.get(code, code))

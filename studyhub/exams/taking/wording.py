"""What the taking page says by codes, and the sentences that its script shows."""

from __future__ import annotations

from typing import Any

from studyhub.questions.wording import TYPES
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.i18n import ngettext

LOST: dict[str, Any] = {
    "attempt_closed": _l("The exam is over"),
    "bad_answer": _l("Not every answer could be saved"),
    "conflict": _l("Not every answer could be saved"),
    "superseded": _l("Not every answer could be saved"),
    "taken_over": _l("You went on with this exam on another device or page"),
}
"""The head of the page that shows what could not be saved."""

WHY: dict[str, Any] = {
    "bad_answer": _l("The question does not take this form of answer."),
    "conflict": _l("Another page saved a different answer, which stays."),
    "superseded": _l("Another page saved a newer answer, which stays."),
}
"""Beside one answer that could not be saved."""
ONE_PLACE_TWICE = _l("Two items were given the same place. Give each place to one item.")


def why_lost(code: str, answer: Any) -> str:
    """Why the answer could not be saved. Items in an order come as they were posted when two have one place:
    `posted.changes`."""
    if code == "bad_answer" and isinstance(answer, dict):
        return str(ONE_PLACE_TWICE)
    return str(WHY.get(code, ""))


def type_name(code: str) -> str:
    """The name of a question type."""
    return str(TYPES[code])


def open_sentence(count: int) -> str:
    """How many questions are not answered yet."""
    if count == 0:
        return _("All questions are answered")
    return ngettext("%(num)s question is not answered yet", "%(num)s questions are not answered yet", count)


def script_words() -> dict[str, str]:
    """The sentences of the page's script; `{n}` and `{total}` are filled in there."""
    return {
        "where": _("Question {n} of {total}"),
        "question": _("Question {n}"),
        "lost": _("Question {n}: {answer}"),
        "comma": _(", "),
        "semicolon": _("; "),
        "sheet": _("Answer sheet"),
        "answered": _("{n} answered"),
        "unanswered": _("Not answered yet: {n}"),
        "unansweredHint": _("{n} not answered yet; look here before you hand in"),
        "allAnswered": _("All questions are answered"),
        "sureOpen": _("Not answered yet: {n}. After handing in nothing can be changed."),
        "sureAll": _("All questions are answered. After handing in nothing can be changed."),
        "stateAnswered": _("answered"),
        "stateUnanswered": _("not answered"),
        "stateFlagged": _("marked to look at again"),
        "stateUnsaved": _("not saved yet"),
        "notSaved": _("Not saved, trying again. Your answers are kept on this page."),
        "savedAgain": _("Everything is saved again."),
        "newer": _("Question {n}: another page saved another answer, which stays. Yours is shown above."),
        "refused": _("The answer to question {n} could not be saved."),
        "minutesLeft": _("{n} minutes left"),
        "minuteLeft": _("One minute left"),
        "timeIsUp": _("Time is up. Your answers are being handed in."),
        "moved": _("{item}: place {n} of {total}"),
        "characters": _("{n} of {total} characters"),
        "handInRetry": _("Not through yet, trying again. Please leave this page open."),
    }

"""What the desk of the banks calls things, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from studyhub.kernel.events import ExamNamed, PapersFound
from studyhub.questions import wording
from studyhub.questions.bulk.acts import Done
from studyhub.questions.releasing import Outcome
from studyhub.questions.touching import Reach, Touches
from studyhub.questions.undoing import Undone
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.i18n import ngettext

HEALTH: dict[str, Any] = {
    "any": _l("To be looked at"),
    "warned": _l("Warnings of the checker"),
    "superseded": _l("Source no longer holds"),
    "review_due": _l("Day to look again has passed"),
    "unexplained": _l("No explanation"),
}

QUESTION_SORTS: dict[str, Any] = {
    "-changed": _l("Last changed first"),
    "-facility": _l("Easiest first"),
    "facility": _l("Hardest first"),
    "-points": _l("Most points first"),
}

STATES: dict[str, Any] = {
    "draft": _l("draft"),
    "reviewed": _l("reviewed"),
    "released": _l("released"),
}

ACTS: dict[str, Any] = {
    "tag": _l("Add a tag"),
    "untag": _l("Take a tag away"),
    "keep_out": _l("Keep out of new papers"),
    "let_in": _l("Let into new papers"),
    "review": _l("Mark as reviewed"),
    "release": _l("Release"),
    "draft": _l("Back to draft"),
    "move": _l("Move to another bank …"),
    "take_out": _l("Take out of the bank …"),
}
"""What can be done to many questions at once."""

MARKINGS: dict[str, dict[str, Any]] = {
    "multiple": {
        "": _l("each right one a share, none for a wrong one (usual)"),
        "exact": _l("all or nothing"),
        "under_half": _l("half for some of the right ones"),
        "net": _l("right ones less wrong ones"),
    },
    "order": {"": _l("all or nothing (usual)"), "pairs": _l("a share for each pair in order")},
}
"""How several are marked, as the editor offers it."""

CHANGE_KINDS: dict[str, Any] = {
    "import": _l("import"),
    "edit": _l("edited on the desk"),
    "restore": _l("an older revision restored"),
    "bulk": _l("many at once on the desk"),
    "move": _l("moved between banks"),
    "undo": _l("a change undone"),
    "review": _l("reviewed, released or a setting changed"),
    "begin": _l("begun on the desk"),
}

MOST_EXAMS = 10


def touched_lines(touches: Touches) -> list[str]:
    """What a plan touches, a sentence for each kind of change; none where nothing is touched."""
    told = (
        (
            touches.key_changed,
            _l(
                "Of another key: %(open_attempts)s open and %(past_attempts)s past attempts, %(results)s "
                "results. They keep the key that they were drawn with."
            ),
        ),
        (
            touches.retired,
            _l(
                "Of retired questions: %(open_attempts)s open and %(past_attempts)s past attempts, "
                "%(results)s results. They keep their questions."
            ),
        ),
    )
    lines = [str(words) % asdict(papers) for papers, words in told if papers != PapersFound()]
    if touches.essays_drawn_by:
        exams = ", ".join(touches.essays_drawn_by[:MOST_EXAMS])
        said = _l(
            "%(count)s essays come in, and these exams could draw them: %(exams)s. A person reads essays: "
            "whoever meets one has no score until then."
        )
        lines.append(str(said) % {"count": touches.essays, "exams": exams})
    return lines


def exam_lines(reach: Reach) -> list[str]:
    """What a question that is being edited does to exams; none where it does nothing."""
    lines = []
    if reach.drawn_by:
        said = _l(
            "A person reads essays: whoever meets this one has no score until then. Exams that could draw "
            "it: %(exams)s."
        )
        lines.append(str(said) % {"exams": ", ".join(reach.drawn_by[:MOST_EXAMS])})
    return lines + stopped_lines(reach.stopped)


def stopped_lines(exams: Sequence[ExamNamed]) -> list[str]:
    """That exams would stop, in one sentence; nothing where none does."""
    if not exams:
        return []
    titles = ", ".join(exam.title for exam in exams[:MOST_EXAMS])
    return [_("These exams could be drawn no more, and nobody could start them: %(exams)s.", exams=titles)]


def act_lines(done: Done | Outcome) -> list[tuple[str, str]]:
    """What came of an act on many: the kind of a flash, and its sentence."""
    lines = [("warning", _("Not in the bank, and left alone: %(count)s.", count=done.missing))]
    lines = lines if done.missing else []
    if isinstance(done, Done):
        changed = ngettext("%(num)s question changed.", "%(num)s questions changed.", done.changed)
        return [("success", changed if done.version else _("Nothing was changed.")), *lines]
    moved = ngettext("%(num)s question moved on.", "%(num)s questions moved on.", done.done)
    if done.own:
        own = _("Your own, which somebody else must release: %(count)s.", count=done.own)
        lines.append(("warning", own))
    if done.elsewhere:
        elsewhere = _("Not where this step begins, and left alone: %(count)s.", count=done.elsewhere)
        lines.append(("warning", elsewhere))
    return [("success" if done.done else "warning", moved), *lines]


def undone_lines(undone: Undone) -> list[tuple[str, str]]:
    """What came of an undoing, in the same way."""
    done = ngettext("Undone for %(num)s question.", "Undone for %(num)s questions.", undone.done)
    kept = _("Changed once more since, and left as they are: %(count)s.", count=undone.kept)
    return [("success", done), *([("warning", kept)] if undone.kept else [])]


def key_name(key: str, part: str = "") -> str:
    """`Option A`: what a place in a question is called."""
    return f"{wording.KEYS.get(key, key)} {part}".strip()

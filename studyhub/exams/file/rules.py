"""What must hold between the keys of an exam file: contradictions that no single value shows."""

from __future__ import annotations

from studyhub.exams.blueprint import Blueprint
from studyhub.exams.file.grammar import SPOKEN_RELEASE
from studyhub.exams.release import Release
from studyhub.questions.document import Node, Scalar
from studyhub.questions.fields import Fields

# Keys of the format that this release cannot keep: better refused than silently ignored. The text is the
# value that asks for nothing.
NOT_BUILT = {"avoid_seen": "false", "balance": "", "on_deadline": "submit", "rehearsal": "false"}


def check(blueprint: Blueprint, fields: Fields, review: Fields | None) -> None:
    """Report everything that does not go together; `review` are the keys that the file itself has."""
    _not_built(fields)
    _times(blueprint, fields)
    _review(blueprint, fields, review)


def _not_built(fields: Fields) -> None:
    for key, nothing in NOT_BUILT.items():
        node = fields.value(key)
        if node is not None and not (isinstance(node, Scalar) and node.value.strip().lower() == nothing):
            fields.report.error("not_supported_yet", node, key=key)


def _times(blueprint: Blueprint, fields: Fields) -> None:
    window = blueprint.window
    if not {"minutes", "closes"} & (fields.found.keys() | fields.misspelt):
        fields.report.error("needs_minutes_or_closes", fields.node)
    if window.opens_at and window.closes_at and window.opens_at >= window.closes_at:
        fields.report.error("closes_before_it_opens", fields.found["closes"][1])


def _review(blueprint: Blueprint, fields: Fields, review: Fields | None) -> None:
    """What is released when the exam closes needs an end; by default it is only worth a warning."""
    if "closes" in fields or "closes" in fields.misspelt:
        return
    policy = blueprint.review
    waiting = [
        key
        for key, when in (
            ("score", policy.score),
            ("answers", policy.answers),
            ("explanations", policy.explanations),
        )
        if when is Release.CLOSED
    ]
    written = [key for key in waiting if review is not None and key in review]
    for key in written:
        if review is not None and _says_closed(node := review.found[key][1]):
            fields.report.error("review_needs_closes", node, key=key)
    if waiting and not written:
        fields.report.warn("review_never_opens", fields.node, hint="give_an_end")


def _says_closed(node: Node) -> bool:
    """Whether this is what the file says, and not what stands for a word that could not be read."""
    word = node.value.strip() if isinstance(node, Scalar) else ""
    return SPOKEN_RELEASE.get(word, word) == Release.CLOSED

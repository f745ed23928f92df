"""The fields of the paper's form, where a template alone cannot write them; and answers in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import render_template
from markupsafe import Markup

from studyhub.exams import asking
from studyhub.exams.attempts.payload import question_payload
from studyhub.exams.papers import Delivered
from studyhub.exams.taking.blanks import fill_blanks
from studyhub.exams.taking.wording import type_name
from studyhub.exams.wording import printed_rule
from studyhub.questions import variants
from studyhub.questions.revisions import Revision
from studyhub.web.i18n import gettext as _

_INPUT = Markup(
    '<input class="blank" type="text" name="answer-{question}-{blank}" value="{value}" maxlength="2000"'
    ' aria-label="{label}" placeholder="{blank}" autocapitalize="off" spellcheck="false"'
    ' data-answer="{blank}">'
)
_KEPT = Markup('<span class="kept">{}{}</span>')


def with_inputs(asked: Mapping[str, Any], answer: list[str] | None) -> Markup:
    """The prompt of a fill-in question with a field in each blank."""
    texts = answer or [""] * asked["blanks"]

    def field(blank: int, closing: str) -> str:
        control = _INPUT.format(
            question=asked["position"],
            blank=blank,
            value=texts[blank - 1],
            label=_("Blank %(n)s of %(total)s", n=blank, total=asked["blanks"]),
        )
        return _KEPT.format(control, closing) if closing else control

    return _trusted(fill_blanks(asked["prompt_html"], field))


def with_given(asked: Mapping[str, Any], answer: list[str] | None) -> Markup:
    """The prompt of a fill-in question with what was given in each blank."""
    texts = answer or [""] * asked["blanks"]
    given = Markup('<span class="given-blank">{}</span>')

    def filled(blank: int, closing: str) -> str:
        return given.format(texts[blank - 1] or "–") + closing

    return _trusted(fill_blanks(asked["prompt_html"], filled))


def _trusted(html: str) -> Markup:
    return Markup(html)  # noqa: S704  a prompt was cleaned at its import, and what fills it is escaped


def preview(revision: Revision, seed: bytes | None = None) -> Markup:
    """A question as the taking page shows it, on a paper of its own, its options as they are written and its
    variables with the values of the seed; without one with their first values."""
    asked = [_on_paper(n, each, seed) for n, each in enumerate(revision.parts or [revision], 1)]
    page = render_template(
        "taking/preview.html",
        questions=asked,
        mates=[each["position"] for each in asked],
        type_name=type_name,
        with_inputs=with_inputs,
    )
    return Markup(page)  # noqa: S704  made by a template, which escapes


def _on_paper(position: int, revision: Revision, seed: bytes | None) -> dict[str, Any]:
    variant, order = variants.as_written(revision, seed)
    points, rule = variant.question.points, asking.rule(variant)
    return question_payload(Delivered(position, 0, variant, order, points, rule), printed_rule)


def answer_text(asked: Mapping[str, Any], answer: Any) -> str:
    """An answer as a person would write it down: `A, C`, `True`, `第二十一条; 每季度`, `1 – C`, `B → A`."""
    if answer is None or answer == []:
        return _("no answer")
    if isinstance(answer, bool):
        return _("True") if answer else _("False")
    if isinstance(answer, dict):
        return _("; ").join(f"{left} – {right}" for left, right in sorted(answer.items(), key=_by_number))
    if isinstance(answer, list) and asked["type"] == "order":
        return " → ".join(answer)
    if isinstance(answer, list):
        return (_("; ") if asked["type"] == "blank" else _(", ")).join(text or "–" for text in answer)
    unit = asked.get("unit") or ""
    return f"{answer} {unit}" if unit and not str(answer).endswith(unit) else str(answer)


def _by_number(pair: tuple[str, str]) -> tuple[int, str]:
    return len(pair[0]), pair[0]


_MATHML = re.compile(r"<math\b.*?</math>", re.DOTALL)


def plain_text(html: str) -> str:
    """What a rendered text says without its marks, for where only text may stand: a formula as it is read."""
    return Markup(_MATHML.sub("", html)).striptags()  # noqa: S704  the marks are taken off again

"""What every template of every room keeps to: the content policy, form tokens, words from catalogues."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import studyhub
from studyhub.organization.audit import Act
from studyhub.organization.trail.wording import ACTS

PACKAGE = Path(studyhub.__file__).parent
TEMPLATES = sorted(PACKAGE.glob("*/**/templates/**/*.html"))
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.S)
CLASSES = re.compile(r"\{% block \w+_class %\}.*?\{% endblock.*?%\}", re.S)
# What people type into a file is the same in both languages.
TYPED = re.compile(r"<(code|pre)\b.*?</\1>", re.S)
JINJA = re.compile(r"\{% trans.*?endtrans %\}|\{%.*?%\}|\{\{.*?\}\}", re.S)
TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>|&\w+;", re.S)
SPOKEN_OTHERWISE = {"中文", "English"}
"""The switch of language names each language in itself."""


def forbidden_by_policy(template: str) -> list[str]:
    """Inline styles, inline handlers, and inline code without a nonce."""
    text = COMMENT.sub("", template)
    found = re.findall(r"\sstyle=|\son[a-z]+=(?=[\"'])|javascript:", text)
    for tag in re.findall(r"<(?:script|style)\b[^>]*>", text):
        is_data = 'type="application/json"' in tag
        if not (is_data or "nonce=" in tag or " src=" in tag):
            found.append(tag)
    return found


def forms_without_token(template: str) -> list[str]:
    """Forms that change something and carry no form token."""
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", COMMENT.sub("", template), re.S)
    tokens = ("csrf_field()", "hidden_tag()", "csrf_token", "frame_token")
    return [form[:80] for form in forms if not any(token in form for token in tokens)]


def shown(template: str) -> str:
    """The template without comments and without what is quoted from files."""
    return TYPED.sub("", COMMENT.sub("", template))


def bare_words(template: str) -> list[str]:
    """Text that a reader would see and that comes from no catalogue."""
    text = TAG.sub(" ", JINJA.sub(" ", CLASSES.sub("", shown(template))))
    return [word for word in re.findall(r"[A-Za-z]{3,}", text) if word not in SPOKEN_OTHERWISE]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_keeps_to_the_rules(path: Path) -> None:
    template = path.read_text("utf-8")
    assert forbidden_by_policy(template) == []
    assert forms_without_token(template) == []
    assert bare_words(template) == []
    assert set(CHINESE.findall(shown(template))) <= SPOKEN_OTHERWISE


@pytest.mark.parametrize(
    "planted",
    ['<p style="color:red">', '<a onclick="go()">', "<script>go()</script>", '<a href="javascript:go()">'],
)
def test_what_the_content_policy_forbids_is_seen(planted: str) -> None:
    assert forbidden_by_policy(planted) != []


def test_a_form_without_its_token_is_seen() -> None:
    assert forms_without_token('<form method="post" action="/x"><button type="submit"></button></form>') != []


def test_words_from_no_catalogue_are_seen() -> None:
    assert bare_words("<p>Hello {{ name }}</p>") == ["Hello"]
    assert bare_words('<p class="small">{{ _("Hello") }}</p>') == []


def test_every_act_of_the_trail_is_called_something() -> None:
    assert set(Act) == set(ACTS)

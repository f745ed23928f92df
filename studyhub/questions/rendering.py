"""A question's Markdown → HTML, once, when it is imported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from studyhub.media.markdown import Markdown
from studyhub.questions import images
from studyhub.questions.bank import Question
from studyhub.questions.types.blank import MARK


def mark_blanks(parser: MarkdownIt, render: Callable[..., str]) -> None:
    """Let the parser know `[[1]]`; `render` makes the HTML of one, its number being the token's content."""
    parser.inline.ruler.before("link", "blank", _blank)
    parser.add_render_rule("blank", render)


def _blanks(parser: MarkdownIt) -> None:
    mark_blanks(parser, _render_blank)


def _blank(state: StateInline, silent: bool) -> bool:
    match = MARK.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("blank", "span", 0).content = match[1]
    state.pos = match.end()
    return True


def _render_blank(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    return f'<span data-blank="{tokens[at].content}"></span>'


# Authors break lines where a member should see them broken.
_TEXT = Markdown(breaks=True)
_WITH_BLANKS = Markdown([_blanks], breaks=True)


def render(question: Question) -> dict[str, str]:
    """HTML by path: `prompt`, `explanation`, and what the type adds, such as `options.A`; no empty ones.

    A prompt is one or more blocks; options and feedback are phrases where their text is one paragraph.
    """
    prompt = _WITH_BLANKS if question.type == "blank" else _TEXT
    html = {"prompt": prompt.block(question.prompt, images.address)}
    if question.explanation:
        html["explanation"] = _TEXT.block(question.explanation, images.address)
    for path, text in question.kind.texts(question.content).items():
        html[path] = _TEXT.line(text, images.address)
    return html

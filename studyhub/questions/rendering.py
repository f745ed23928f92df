"""A question's Markdown → HTML, once, when it is imported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from studyhub.media.markdown import ImageAddress, Markdown
from studyhub.questions import images
from studyhub.questions.bank import Question
from studyhub.questions.types.blank import MARK
from studyhub.questions.variables import MARKER


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


def _grouped(parser: MarkdownIt) -> None:
    """Markers within formulas: LaTeX would raise the first digit only of `x^123`."""

    def group(state: StateCore) -> None:
        for token in (inner for block in state.tokens for inner in (block, *(block.children or ()))):
            if token.type.startswith("math"):
                token.content = MARKER.sub(r"{\g<0>}", token.content)

    parser.core.ruler.push("markers", group)


# Authors break lines where a member should see them broken.
_TEXT = Markdown(breaks=True)
_WITH_BLANKS = Markdown([_blanks], breaks=True)
_MARKED_TEXT = Markdown([_grouped], breaks=True)
_MARKED_WITH_BLANKS = Markdown([_blanks, _grouped], breaks=True)


def block(text: str, address: ImageAddress = images.address) -> str:
    """A text that is no part of a question yet."""
    return _TEXT.block(text, address)


def render(question: Question, address: ImageAddress = images.address) -> dict[str, str]:
    """HTML by path: `prompt`, `explanation`, and what the type adds, such as `options.A`; no empty ones.

    A prompt is one or more blocks; options and feedback are phrases where their text is one paragraph. With
    variables there are markers in it: see variants.py. A passage has its questions' texts, too, under
    `questions.ID.`. `address` says where a picture is served.
    """
    variables = question.variables
    text, with_blanks = (_MARKED_TEXT, _MARKED_WITH_BLANKS) if variables else (_TEXT, _WITH_BLANKS)
    marked = variables.marked if variables else str
    prompt = with_blanks if question.type == "blank" else text
    html = {"prompt": prompt.block(marked(question.prompt), address)}
    if question.explanation:
        html["explanation"] = text.block(marked(question.explanation), address)
    for path, own in question.kind.texts(question.content).items():
        html[path] = text.line(own, address)
    for part in question.parts:
        html |= {f"questions.{part.id}.{path}": text for path, text in render(part, address).items()}
    return html

"""What an item shows around its interactions, and what it shows only later: feedback, hints, solutions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from studyhub.questions.formats.carrying import Tell
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import skip
from studyhub.questions.formats.qti.bodies import Bodies

FEEDBACK = ("feedbackInline", "feedbackBlock")
BUTTON = "endAttemptInteraction"
"""Ends the attempt, and asks nothing."""

_LATER = {**dict.fromkeys(FEEDBACK, "feedback"), "infoControl": "infoControl"}
_BY_TEMPLATE = frozenset({"templateInline", "templateBlock"})
_OF_A_TEXT = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})


class Shown:
    """Reads the texts of one item."""

    def __init__(self, item: Element, body: Element, bodies: Bodies, tell: Tell) -> None:
        self._item = item
        self._body = body
        self._bodies = bodies
        self._tell = tell
        self._for_scorers: list[Element] = []
        for block in list(body.descendants("rubricBlock")):
            # What candidates are to read is text like any other.
            if "candidate" in block.get("view").split():
                block.tag = "div"
            else:
                self._for_scorers.append(block)

    def prompt(
        self,
        found: Sequence[Element],
        left_out: Sequence[Element] = (),
        placed: Callable[[Element], str | None] | None = None,
    ) -> str:
        """What stands around these interactions, and the prompts within them."""
        asked: list[Element | str] = []
        for interaction in found:
            asked += [*(Element("p", children=prompt.children) for prompt in interaction.all("prompt"))]
        hidden = {id(element) for element in (*left_out, *self._for_scorers)}

        def special(element: Element) -> str | None:
            if id(element) in hidden or element.tag == BUTTON:
                return ""
            if element.tag.endswith("Interaction") or element.tag == "gap":
                return placed(element) if placed else ""
            return self._later(element)

        children = [child for child in self._body.children if id(child) not in hidden]
        return self._bodies.markdown([*_around(children), *asked], special)

    def _later(self, element: Element) -> str | None:
        """Nothing, of what may show the answer before it is given; None for any other element."""
        if element.tag in _BY_TEMPLATE:
            skip("formula_not_read", formula=element.tag)
        if element.tag not in _LATER:
            return None
        self._tell("key_lost", key=_LATER[element.tag])
        return ""

    def explanation(self) -> str:
        """The feedback of the whole: what is shown with every answer, else the only one."""
        blocks = self._item.all("modalFeedback")
        always = {
            (outcome.get("identifier"), value.text.strip())
            for outcome in self._item.all("outcomeDeclaration")
            for default in outcome.all("defaultValue")
            for value in default.all("value")
        }
        told = [one for one in blocks if (one.get("outcomeIdentifier"), one.get("identifier")) in always]
        told = told or (blocks if len(blocks) == 1 else [])
        if len(told) < len(blocks):
            self._tell("key_lost", key="modalFeedback")
        return "\n\n".join(self._bodies.markdown(block.children) for block in told)

    def model_answer(self) -> str:
        """What scorers are told; to others it is of no use."""
        blocks = [block for block in self._for_scorers if "scorer" in block.get("view").split()]
        return "\n\n".join(self._bodies.markdown(block.children) for block in blocks)


def _around(children: Sequence[Element | str]) -> list[Element | str]:
    """Interactions that are blocks separate what stands before and after them."""
    return [
        Element("p", children=[child])
        if isinstance(child, Element) and child.tag.endswith("Interaction") and child.tag not in _OF_A_TEXT
        else child
        for child in children
    ]

"""Generated questions in the shape of the bank file, of every type, for the exchange formats."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from studyhub.questions.formats.exchange import Draft

KEYS = "ABCDEFG"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)

ANY_TEXT = (
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn"], exclude_characters="★☆\ufeff"
        )
        | st.sampled_from("\n:#-?[]{}&*!|>'\"%@`，：。 ~=\\<$_^"),
        min_size=1,
        max_size=30,
    )
    .map(str.strip)
    .filter(bool)
    .filter(lambda text: "[[" not in text and "{{" not in text)
)
"""Whatever a person could type, signs of every format among it."""

SLUG = st.from_regex(r"[a-z0-9]{1,3}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
AMOUNT = st.decimals("0.01", "1000", places=2).map(lambda number: format(number.normalize(), "f"))


def _options(draw: Any, text: st.SearchStrategy[str]) -> dict[str, Any]:
    texts = draw(st.lists(text, min_size=2, max_size=6, unique=True))
    feedback = [draw(st.just("") | text) for _ in texts]
    return {
        KEYS[at]: {"text": one, "feedback": told} if told else one
        for at, (one, told) in enumerate(zip(texts, feedback, strict=True))
    }


def _single(draw: Any, text: st.SearchStrategy[str]) -> dict[str, Any]:
    options = _options(draw, text)
    return {"options": options, "answer": draw(st.sampled_from(sorted(options)))} | _unshuffled(draw)


def _multiple(draw: Any, text: st.SearchStrategy[str]) -> dict[str, Any]:
    options = _options(draw, text)
    answer = draw(st.sets(st.sampled_from(sorted(options)), min_size=1))
    marking = draw(st.sampled_from(["", "exact", "under_half", "net"]))
    return (
        {"options": options, "answer": sorted(answer)}
        | ({"marking": marking} if marking else {})
        | _unshuffled(draw)
    )


def _unshuffled(draw: Any) -> dict[str, Any]:
    return {} if draw(st.booleans()) else {"shuffle": False}


def _truefalse(draw: Any, text: st.SearchStrategy[str]) -> dict[str, Any]:
    return {"answer": draw(st.booleans())}


def _blank(draw: Any, text: st.SearchStrategy[str]) -> dict[str, Any]:
    different = st.lists(text, min_size=1, max_size=3, unique_by=str.casefold)
    answer = draw(st.lists(different, min_size=1, max_size=3))
    prompt = " ".join([draw(text), *(f"[[{at}]]" for at in range(1, len(answer) + 1)), "。"])
    more = {"order": "any"} if draw(st.booleans()) else {}
    return {"prompt": prompt, "answer": answer, "case": "exact"} | more


def _number(draw: Any, text: st.SearchStrategy[str]) -> dict[str, Any]:
    answer = format(draw(st.decimals(-(10**6), 10**6, places=3)), "f")
    tolerance = draw(st.sampled_from(["", "0.01", "1%", "2.5%"]))
    unit = draw(st.sampled_from(["", "km", "千米", "%"]))
    return (
        {"answer": answer}
        | ({"tolerance": tolerance} if tolerance else {})
        | ({"unit": unit} if unit else {})
    )


def _match(draw: Any, text: st.SearchStrategy[str]) -> dict[str, Any]:
    both = draw(st.lists(text, min_size=4, max_size=8, unique=True))
    half = len(both) // 2
    left, right = both[:half], both[half : 2 * half]
    rest = both[2 * half :]
    return (
        {"pairs": dict(zip(left, right, strict=True))}
        | ({"distractors": rest} if rest else {})
        | _unshuffled(draw)
    )


def _order(draw: Any, text: st.SearchStrategy[str]) -> dict[str, Any]:
    marking = {"marking": "pairs"} if draw(st.booleans()) else {}
    return {"items": draw(st.lists(text, min_size=2, max_size=5, unique=True))} | marking


def _essay(draw: Any, text: st.SearchStrategy[str]) -> dict[str, Any]:
    rubric = draw(st.lists(st.fixed_dictionaries({"for": text, "points": AMOUNT}), max_size=3))
    model = draw(st.just("") | text)
    return (
        ({"rubric": rubric} if rubric else {})
        | ({"model_answer": model} if model else {})
        | ({"max_chars": 500} if draw(st.booleans()) else {})
    )


def _passage(draw: Any, text: st.SearchStrategy[str]) -> dict[str, Any]:
    names = draw(st.lists(SLUG, min_size=1, max_size=3, unique=True))
    kinds = [draw(st.sampled_from([kind for kind in MAKERS if kind != "passage"])) for _ in names]
    parts = [
        {"id": name, "type": kind, "prompt": draw(text), **MAKERS[kind](draw, text)}
        for name, kind in zip(names, kinds, strict=True)
    ]
    return {"questions": parts}


MAKERS = {
    "single": _single,
    "multiple": _multiple,
    "truefalse": _truefalse,
    "blank": _blank,
    "number": _number,
    "match": _match,
    "order": _order,
    "essay": _essay,
    "passage": _passage,
}


@st.composite
def items(
    draw: Any, name: str, text: st.SearchStrategy[str] = ANY_TEXT, kinds: tuple[str, ...] = tuple(MAKERS)
) -> dict[str, Any]:
    """One question of any type, with any of the keys that all types share."""
    kind = draw(st.sampled_from(kinds))
    item: dict[str, Any] = {"id": name, "type": kind, "prompt": draw(text)}
    item |= MAKERS[kind](draw, text)
    shared = {
        "explanation": st.just("") | text,
        "tags": st.lists(text, max_size=3, unique=True),
        "points": st.sampled_from(["", "2", "0.5", "12.25"]),
        "difficulty": st.sampled_from(["", "easy", "hard", "0.37"]),
        "source": st.dictionaries(st.sampled_from(["document", "article", "version"]), text),
        "review_by": st.sampled_from(["", "2027-06-30"]),
        "retired": st.booleans(),
    }
    if kind != "passage" and not draw(st.integers(0, 4)):
        _vary(item)
    return item | {key: value for key, made in shared.items() if (value := draw(made))}


def _vary(item: dict[str, Any]) -> None:
    """Give the question variables, and name them where its type allows it."""
    item["variables"] = {"a": {"from": "2", "to": "9"}, "b": {"choose": ["10", "20"]}}
    item["prompt"] += " {{a*b}}"
    if item["type"] == "number":
        item |= {"answer": "{{a*b+0.5}}"}
        item.pop("tolerance", None)
    elif "options" in item:
        [*_, last] = item["options"]
        item["options"][last] = "{{a}}-{{b}}"


@st.composite
def drafts(
    draw: Any,
    text: st.SearchStrategy[str] = ANY_TEXT,
    kinds: tuple[str, ...] = tuple(MAKERS),
    *,
    pictures: bool = True,
) -> Draft:
    """A bank; some of its questions show a picture that is there."""
    names = draw(st.lists(SLUG, min_size=1, max_size=4, unique=True))
    questions = [draw(items(name, text, kinds)) for name in names]
    assets = {}
    if pictures and draw(st.booleans()):
        questions[0]["prompt"] += "\n\n![图](media/one.png)"
        assets["media/one.png"] = PIXEL
    head = {"bank": draw(SLUG), "title": draw(text), "language": draw(st.sampled_from(["zh", "en"]))}
    return Draft(head, questions, assets)

"""What an item of QTI shows at once, what only later, and what its marking says beside the key."""

from __future__ import annotations

from typing import Any

import pytest

from studyhub.questions.formats import FORMATS
from studyhub.questions.formats.exchange import Reading, Source

FOR_FEEDBACK = 'outcomeIdentifier="F" showHide="show"'
CHOICES = (
    '<choiceInteraction responseIdentifier="R" shuffle="{shuffle}" maxChoices="1">'
    '<simpleChoice identifier="a"{first}>甲</simpleChoice>'
    '<simpleChoice identifier="b"{last}>乙</simpleChoice>'
    "</choiceInteraction>"
)
ENTRY = '<p>首都<textEntryInteraction responseIdentifier="R"/></p>'
MAPPED = "<setOutcomeValue identifier='SCORE'><mapResponse identifier='R'/></setOutcomeValue>"


def comparing(name: str, more: str = "") -> str:
    test = f"<{name}{more}><variable identifier='R'/><correct identifier='R'/></{name}>"
    return f"<responseCondition><responseIf>{test}</responseIf></responseCondition>"


def choices(shuffle: str = "true", first: str = "", last: str = "") -> str:
    return CHOICES.format(shuffle=shuffle, first=first, last=last)


def declared(right: str, kind: str = "identifier", cardinality: str = "single", mapping: str = "") -> str:
    values = "".join(f"<value>{value}</value>" for value in right.split("|"))
    return (
        f'<responseDeclaration identifier="R" cardinality="{cardinality}" baseType="{kind}">'
        f"<correctResponse>{values}</correctResponse>{mapping}</responseDeclaration>"
    )


def mapping(*entries: str, more: str = "") -> str:
    made = "".join(f"<mapEntry {entry}/>" for entry in entries)
    return f"<mapping{more}>{made}</mapping>"


def read(declaration: str, body: str, rules: str = "", more: str = "") -> Reading:
    processing = f"<responseProcessing>{rules}</responseProcessing>" if rules else ""
    document = (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="q" title="q">'
        f"{declaration}<itemBody>{body}</itemBody>{processing}{more}</assessmentItem>"
    )
    reader = FORMATS["qti22"].read
    assert reader is not None
    return reader(Source(document.encode(), "x.xml"))


def told(reading: Reading) -> set[Any]:
    assert reading.skipped == []
    return {note.params.get("key", note.code) for note in reading.notes}


@pytest.mark.parametrize(
    ("later", "key"),
    [
        (f'<feedbackBlock {FOR_FEEDBACK} identifier="ok"><p>甲是对的</p></feedbackBlock>', "feedback"),
        (f'<p>问<feedbackInline {FOR_FEEDBACK} identifier="ok">甲是对的</feedbackInline></p>', "feedback"),
        ('<infoControl title="提示"><p>甲是对的</p></infoControl>', "infoControl"),
    ],
)
def test_what_is_shown_after_the_answer_is_not_in_the_prompt(later: str, key: str) -> None:
    found = read(declared("a"), f"<p>选一</p>{later}{choices()}")
    assert "甲" not in found.questions[0]["prompt"]
    assert told(found) == {key}


def test_a_text_that_depends_on_a_template_is_a_reason() -> None:
    block = '<templateBlock templateIdentifier="T" identifier="x" showHide="show"><p>甲</p></templateBlock>'
    assert [one.code for one in read(declared("a"), block + choices()).skipped] == ["formula_not_read"]


def test_a_rubric_for_candidates_is_text_and_one_for_others_is_not() -> None:
    rubrics = (
        '<rubricBlock view="candidate"><p>先读材料</p></rubricBlock>'
        '<rubricBlock view="tutor"><p>甲是对的</p></rubricBlock>'
    )
    assert (
        read(declared("a"), f"{rubrics}<p>选一</p>{choices()}").questions[0]["prompt"] == "先读材料\n\n选一"
    )


@pytest.mark.parametrize(
    ("default", "explanation", "keys"),
    [
        ("", None, {"modalFeedback"}),
        ("<defaultValue><value>no</value></defaultValue>", "错了", {"modalFeedback"}),
    ],
)
def test_feedback_for_one_answer_is_no_explanation(
    default: str, explanation: str | None, keys: set[str]
) -> None:
    outcome = f'<outcomeDeclaration identifier="F" cardinality="single">{default}</outcomeDeclaration>'
    modal = "".join(
        f'<modalFeedback {FOR_FEEDBACK} identifier="{name}"><p>{text}</p></modalFeedback>'
        for name, text in (("ok", "对了"), ("no", "错了"))
    )
    found = read(declared("a") + outcome, choices(), more=modal)
    assert found.questions[0].get("explanation") == explanation
    assert told(found) == keys


def test_an_item_alone_says_that_its_stimulus_is_not_there() -> None:
    reference = '<assessmentStimulusRef identifier="s" href="s.xml"/>'
    assert told(read(declared("a") + reference, choices())) == {"stimulus"}


@pytest.mark.parametrize(
    ("rules", "entries", "exact"),
    [
        (MAPPED, ['mapKey="York" mappedValue="1"'], True),
        (MAPPED, ['mapKey="York" mappedValue="1" caseSensitive="false"'], False),
        (comparing("match"), [], True),
        (comparing("stringMatch", " caseSensitive='false'"), [], False),
    ],
)
def test_the_case_of_a_text_counts_unless_the_item_says_otherwise(
    rules: str, entries: list[str], exact: bool
) -> None:
    found = read(declared("York", "string", mapping=mapping(*entries) if entries else ""), ENTRY, rules)
    assert found.questions[0].get("case") == ("exact" if exact else None)


def test_a_text_that_is_partly_right_is_told() -> None:
    entries = mapping('mapKey="York" mappedValue="1"', 'mapKey="york" mappedValue="0.5"')
    found = read(declared("York", "string", mapping=entries), ENTRY, MAPPED)
    assert found.questions[0]["answer"] == [["York"]]
    assert told(found) == {"weights_lost"}


def test_what_an_order_gives_for_another_order_is_told() -> None:
    def gives(points: int) -> str:
        return f"<setOutcomeValue identifier='SCORE'><baseValue>{points}</baseValue></setOutcomeValue>"

    test = "<match><variable identifier='R'/><correct identifier='R'/></match>"
    rules = (
        f"<responseCondition><responseIf>{test}{gives(2)}</responseIf>"
        f"<responseElseIf>{test}{gives(1)}</responseElseIf></responseCondition>"
    )
    body = choices().replace("choiceInteraction", "orderInteraction")
    found = read(declared("b|a", cardinality="ordered"), body, rules)
    assert (found.questions[0]["points"], told(found)) == ("2", {"weights_lost"})


def test_a_choice_that_takes_away_by_default_is_marked_so() -> None:
    entries = mapping('mapKey="a" mappedValue="1"', more=' defaultValue="-1" lowerBound="0"')
    found = read(declared("a", cardinality="multiple", mapping=entries), choices(), MAPPED)
    assert (found.questions[0]["type"], told(found)) == ("multiple", set())
    assert told(read(declared("a", cardinality="multiple", mapping=mapping('mapKey="a" mappedValue="1"')),
                     choices(), MAPPED)) == {"weights_lost"}  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "shuffle", "keys"),
    [("true", "true", False, set()), ("false", "true", None, {"fixed"}), ("false", "false", None, set())],
)
def test_choices_that_keep_their_place_keep_it_together_or_are_told(
    first: str, last: str, shuffle: bool | None, keys: set[str]
) -> None:
    found = read(declared("a"), choices(first=f' fixed="{first}"', last=f' fixed="{last}"'))
    assert (found.questions[0].get("shuffle"), told(found)) == (shuffle, keys)


@pytest.mark.parametrize(
    ("mode", "figures", "tolerance"), [("decimalPlaces", "3", "0.0005"), ("significantFigures", "3", "0.005")]
)
def test_a_number_that_is_compared_rounded_has_half_of_its_last_figure(
    mode: str, figures: str, tolerance: str
) -> None:
    rules = (
        f"<responseCondition><responseIf><equalRounded roundingMode='{mode}' figures='{figures}'>"
        "<variable identifier='R'/><correct identifier='R'/></equalRounded></responseIf></responseCondition>"
    )
    assert read(declared("7.389", "float"), ENTRY, rules).questions[0]["tolerance"] == tolerance


def test_words_that_belong_into_gaps_are_a_choice_in_each() -> None:
    words = "".join(
        f'<gapText identifier="{key}" matchMax="1">{text}</gapText>'
        for key, text in (("W", "冬"), ("S", "夏"), ("A", "秋"))
    )
    body = (
        f'<gapMatchInteraction responseIdentifier="R"><prompt>填词</prompt>{words}'
        '<blockquote><p>严<gap identifier="G1"/>盛<gap identifier="G2"/></p></blockquote>'
        "</gapMatchInteraction>"
    )
    entries = mapping('mapKey="W G1" mappedValue="1"', 'mapKey="S G2" mappedValue="2"')
    found = read(declared("W G1|S G2", "directedPair", "multiple", entries), body, MAPPED)
    (question,) = found.questions
    assert question["prompt"] == "填词\n\n> 严\\_\\_(1)\\_\\_盛\\_\\_(2)\\_\\_"
    options = {"A": "冬", "B": "夏", "C": "秋"}
    assert question["questions"] == [
        {"id": "gap-1", "type": "single", "options": options, "answer": "A", "prompt": "(1)"},
        {"id": "gap-2", "type": "single", "options": options, "answer": "B", "prompt": "(2)", "points": "2"},
    ]


def test_pairs_that_are_worth_more_than_others_or_take_away_are_told() -> None:
    def side(*names: str) -> str:
        made = (f'<simpleAssociableChoice identifier="{one}" matchMax="1">{one}</simpleAssociableChoice>'
                for one in names)  # fmt: skip
        return f"<simpleMatchSet>{''.join(made)}</simpleMatchSet>"

    body = f'<matchInteraction responseIdentifier="R">{side("a", "b")}{side("c", "d")}</matchInteraction>'
    entries = mapping(
        'mapKey="a c" mappedValue="1"', 'mapKey="b d" mappedValue="2"', more=' defaultValue="-1"'
    )
    found = read(declared("a c|b d", "directedPair", "multiple", entries), body, MAPPED)
    assert (found.questions[0]["points"], told(found)) == ("3", {"weights_lost", "marking_unread"})


def test_a_button_that_ends_the_attempt_is_no_question() -> None:
    button = '<endAttemptInteraction responseIdentifier="S" title="看答案"/>'
    block = f'<feedbackBlock {FOR_FEEDBACK} identifier="x"><p>{button}</p></feedbackBlock>'
    found = read(declared("York", "string"), f"{ENTRY}<p>{button}</p>{block}")
    assert (found.questions[0]["prompt"], told(found)) == ("首都[[1]]", {"feedback"})

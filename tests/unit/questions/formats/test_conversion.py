"""One pipeline for all formats: what is read is written or skipped with a reason, and the result is valid."""

from __future__ import annotations

import json
from functools import partial

import pytest

from studyhub.kernel.errors import Unreadable
from studyhub.questions import bank_file
from studyhub.questions.formats import FORMATS, READ, detect, wording
from studyhub.questions.formats.conversion import admit, convert
from studyhub.questions.formats.exchange import Format, Item, Place, Reading, Source, skip
from studyhub.questions.formats.identity import names_of

GOOD = {"type": "truefalse", "prompt": "地球是圆的。", "answer": True}


def as_json(*questions: object, **head: object) -> Source:
    return Source(json.dumps({**head, "questions": questions}).encode(), "期末 Exam_1.json")


def test_a_question_with_a_fault_is_skipped_with_the_fault_as_its_reason() -> None:
    bad = {"id": "bad", "type": "single", "prompt": "?", "options": {"A": "x", "B": "y"}, "answer": "C"}
    done = convert(as_json(GOOD, bad, "no question"), FORMATS["json"], FORMATS["yaml"])
    assert (done.read, done.written) == (3, 1)
    assert [(one.place, one.code) for one in done.skipped] == [
        (Place.question(3), "not_a_question"),
        (Place.named("bad"), "not_an_option"),
    ]


def test_what_comes_out_as_yaml_is_a_bank_that_the_checker_accepts() -> None:
    done = convert(as_json(GOOD, {**GOOD, "prompt": "二加二等于四。"}), FORMATS["json"], FORMATS["yaml"])
    checked = bank_file.check(done.data)
    assert checked.bank is not None
    assert checked.bank.head == {"bank": "exam-1", "title": "期末 Exam_1", "language": "zh"}


def test_a_file_called_as_a_page_is_gives_its_bank_another_name() -> None:
    file = Source(json.dumps({"questions": [GOOD]}).encode(), "import.json")
    bank = admit(file, FORMATS["json"]).bank
    assert bank is not None
    assert bank.slug == "imported"


def test_what_is_refused_is_named_by_its_place_and_never_by_an_id_that_was_made_for_it() -> None:
    nameless = {"type": "single", "prompt": "?", "options": {"A": "x", "B": "y"}, "answer": "C"}
    done = admit(as_json(GOOD, nameless), FORMATS["json"])
    assert [wording.place(one.place) for one in done.skipped] == ["question 2"]


def test_a_note_is_about_the_item_at_its_place() -> None:
    done = admit(as_json(GOOD, {**GOOD, "prompt": "天\x08是蓝的。"}), FORMATS["json"])
    assert [(note.code, note.places) for note in done.notes] == [("unseen_removed", (Place.question(2),))]


def test_questions_without_ids_get_the_same_readable_ones_each_time() -> None:
    once, again = (admit(as_json(GOOD, GOOD), FORMATS["json"]).bank for _ in range(2))
    assert once is not None
    assert once == again
    first, second = (question.id for question in once.questions)
    assert first.startswith("truefalse-")
    assert second == f"{first}-2"
    [name] = names_of([{"prompt": "What is the capital of France?"}])
    assert name.startswith("what-is-the-capital-of-france-")


def test_an_id_is_made_of_the_prompt_alone_where_that_tells_the_questions_apart() -> None:
    [name] = names_of([GOOD])
    assert names_of([{**GOOD, "answer": False, "explanation": "其实是扁的。"}]) == [name]
    assert names_of([{**GOOD, "prompt": "地球是平的。"}]) != [name]


def test_questions_that_ask_the_same_keep_their_ids_in_any_order() -> None:
    asked = [{"type": "blank", "prompt": "填空：[[1]]", "answer": [[text]]} for text in "甲乙丙"]
    names = dict(zip("甲乙丙", names_of(asked), strict=True))
    assert len(set(names.values())) == 3
    for order in ("丙乙甲", "乙甲丙", "丙甲"):
        again = names_of([asked["甲乙丙".index(text)] for text in order])
        assert again == [names[text] for text in order]


def test_a_name_that_the_file_gives_is_never_taken_by_one_that_was_made() -> None:
    [made] = names_of([GOOD])
    assert names_of([GOOD, {**GOOD, "id": made}]) == [f"{made}-2", made]


def test_an_id_of_another_program_becomes_a_slug_and_the_report_says_so() -> None:
    admitted = admit(as_json({**GOOD, "id": "Q_001"}), FORMATS["json"])
    assert admitted.bank is not None
    assert admitted.bank.questions[0].id == "q-001"
    assert ("renamed", {"was": "Q_001", "now": "q-001"}) in [(n.code, n.params) for n in admitted.notes]


def test_names_are_free_and_short_enough() -> None:
    long = {"id": "x" * 64}
    assert names_of([long, long]) == ["x" * 64, "x" * 58 + "-2"]


def test_invisible_characters_are_removed_and_said() -> None:
    admitted = admit(as_json({**GOOD, "prompt": "地\u2028球\ufeff是\x08圆的。"}), FORMATS["json"])
    assert admitted.bank is not None
    assert admitted.bank.questions[0].prompt == "地\n球是圆的。"
    assert [note.code for note in admitted.notes] == ["unseen_removed"]


def test_nothing_readable_gives_no_bank() -> None:
    done = convert(as_json({"type": "single"}), FORMATS["json"], FORMATS["yaml"])
    assert (done.read, done.written, len(done.skipped), done.data) == (1, 0, 1, b"")


@pytest.mark.parametrize("name", ["题库.doc", "a.wps", "b.ET"])
def test_a_file_of_an_old_program_is_told_how_to_save_it(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        detect(Source(b"\xd0\xcf\x11\xe0", name))
    assert refused.value.code == "save_as"


def test_a_bank_with_mistakes_is_left_to_the_checker() -> None:
    with pytest.raises(Unreadable) as refused:
        admit(Source(b"bank: b\ntitle: t\n", "b.yaml"), FORMATS["yaml"])
    assert refused.value.code == "faulty_bank"


def test_however_many_questions_have_faults_the_good_ones_are_taken() -> None:
    faulty = {"type": "single", **{f"k{n}": "?" for n in range(30)}}
    done = admit(as_json(*[faulty] * 10_001, GOOD), FORMATS["json"])
    assert done.bank is not None
    assert [question.prompt for question in done.bank.questions] == [GOOD["prompt"]]
    assert (done.read, len(done.skipped)) == (10_002, 10_001)


def guessing(source: Source) -> Reading:
    reading = Reading()

    def guess(right: str) -> Item:
        reading.note("unknown_part", part=right)
        reading.doubt("type_guessed", f"?({right})", type="single")
        if right == "none":
            skip("no_right_answer")
        return {"type": "single", "prompt": f"?{right}", "options": {"A": "x", "B": "y"}, "answer": right}

    for row, right in enumerate(source.data.decode().split(), 2):
        reading.add(Place.row(row, "Sheet2"), partial(guess, right))
    return reading


GUESSING = Format("guessing", ".txt", {}, lambda source: True, guessing)


def test_a_doubt_survives_the_conversion_with_its_place_its_source_and_its_question() -> None:
    done = convert(Source(b"none A C B"), GUESSING, FORMATS["yaml"])
    checked = bank_file.check(done.data)
    assert checked.bank is not None
    first, second = (question.id for question in checked.bank.questions)
    report = wording.report(done)
    assert [(one["item"], one["question"], one["source"]) for one in report["doubts"]] == [
        ("Sheet2, row 3", first, "?(A)"),
        ("Sheet2, row 4", None, "?(C)"),
        ("Sheet2, row 5", second, "?(B)"),
    ]
    assert report["doubts"][0]["message"].endswith("It was taken for “Single choice”.")


def test_of_an_item_that_is_skipped_nothing_remains_but_the_reason() -> None:
    done = convert(Source(b"none A"), GUESSING, FORMATS["yaml"])
    assert [(note.code, note.places) for note in done.notes] == [("unknown_part", (Place.row(3, "Sheet2"),))]


def test_every_format_that_is_read_has_a_name_for_people() -> None:
    assert set(READ) <= set(wording.NAMES)


def test_a_passage_is_left_out_whole_for_a_fault_in_one_of_its_questions() -> None:
    bad = {"type": "single", "prompt": "?", "options": {"A": "x", "B": "y"}, "answer": "C"}
    passage = {"id": "text", "type": "passage", "prompt": "材料", "questions": [GOOD, bad]}
    done = admit(as_json(GOOD, passage), FORMATS["json"])
    assert done.taken == 1
    assert [(one.place, one.code) for one in done.skipped] == [(Place.named("text"), "not_an_option")]


def test_the_questions_of_a_passage_get_ids_where_they_have_none() -> None:
    passage = {
        "type": "passage",
        "prompt": "材料",
        "questions": [GOOD, {**GOOD, "id": "own", "prompt": "二"}],
    }
    bank = admit(as_json(passage), FORMATS["json"]).bank
    assert bank is not None
    first, second = bank.questions[0].parts
    assert first.id.startswith("truefalse-")
    assert second.id == "own"

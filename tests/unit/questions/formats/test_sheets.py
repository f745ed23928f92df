"""Sheets as admins keep them: any header, any spelling of an answer, each fault with row and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

from studyhub.kernel.errors import Unreadable
from studyhub.questions.formats import FORMATS, detect, wording
from studyhub.questions.formats.conversion import Admitted, admit
from studyhub.questions.formats.exchange import Draft, Source
from studyhub.questions.formats.sheets import cells
from studyhub.questions.formats.sheets import wording as explained
from studyhub.questions.formats.sheets.columns import meant
from studyhub.questions.formats.sheets.template import EXAMPLES, HEADERS, template
from studyhub.questions.formats.sheets.writing import CARRIES

HEADER = ("题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案")
Rows = Sequence[Sequence[Any]]


def book(*sheets: Rows, titles: Sequence[str] = ("一", "二", "三")) -> Source:
    made = openpyxl.Workbook()
    made.remove(made.active)  # type: ignore[arg-type]
    for title, rows in zip(titles, sheets, strict=False):
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return Source(out.getvalue(), "题库.xlsx")


def admitted(*rows: Sequence[Any], header: Sequence[str] = HEADER) -> Admitted:
    return admit(book([header, *rows]), FORMATS["xlsx"])


def only(*row: Any, header: Sequence[str] = HEADER) -> dict[str, Any]:
    found = admitted(row, header=header)
    assert [wording.reason(one) for one in found.skipped] == []
    assert found.bank is not None
    return found.bank.questions[0].written


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("题干", "prompt"), ("题目内容", "prompt"), ("Question", "prompt"), ("答案（必填）", "answer"),
        ("正确答案*", "answer"), ("A", "option A"), ("选项 b", "option B"), ("C选项", "option C"),
        ("Option 4", "option D"), ("难易程度", "difficulty"), ("知识点", "tags"), ("分值(分)", "points"),
        ("答案解析", "explanation"), ("备注", ""), ("反馈A", "feedback A"), ("question type", "type"),
        ("考题", "prompt"), ("题目类别", "type"), ("选择A", "option A"),
    ],
)  # fmt: skip
def test_headers_are_known_in_chinese_and_english(header: str, column: str) -> None:
    assert meant(header) == column


@pytest.mark.parametrize(
    "answer", ["ABD", "a,b,d", "A、B、D", "A B D", "ＡＢＤ", "A，B，D", "1,2,4", "A和B和D"]
)
def test_several_right_options_are_spelt_in_many_ways(answer: str) -> None:
    assert only("多选题", "哪些？", "甲", "乙", "丙", "丁", answer)["answer"] == ["A", "B", "D"]


@pytest.mark.parametrize("answer", ["B", "b", "Ｂ", "B.", "2", "乙"])
def test_one_right_option_is_a_letter_a_number_or_its_own_text(answer: str) -> None:
    assert only("单选", "哪一个？", "甲", "乙", "丙", "", answer)["answer"] == "B"


@pytest.mark.parametrize("answer", ["B", "B. 乙", "乙"])
def test_options_may_have_their_letters_once_more(answer: str) -> None:
    question = only("单选", "哪一个？", "A. 甲", "B．乙", "C、丙", "", answer)
    assert question["options"] == {"A": "甲", "B": "乙", "C": "丙"}
    assert question["answer"] == "B"


def test_a_letter_that_is_not_the_option_s_own_belongs_to_its_text() -> None:
    question = only("单选", "哪一个？", "A. 甲", "A. 乙", "", "", "B")
    assert question["options"] == {"A": "A. 甲", "B": "A. 乙"}


def test_options_that_begin_with_their_letters_come_back_from_our_own_sheet() -> None:
    options = {"A": "A. 甲", "B": {"text": "B. 乙", "feedback": "不对"}}
    question = {"id": "q", "type": "single", "prompt": "？", "options": options, "answer": "A"}
    draft = Draft({"bank": "b", "title": "t", "language": "zh"}, [question])
    write = FORMATS["xlsx"].write
    assert write is not None
    found = admit(Source(write(draft).data, "x.xlsx"), FORMATS["xlsx"])
    assert found.bank is not None
    assert found.bank.questions[0].written["options"] == options


@pytest.mark.parametrize(
    "cell",
    [
        "A.甲 B.乙 C.丙",
        "A、甲\nB、乙\nC、丙",
        "（A）甲　（B）乙　（C）丙",
        "甲;乙;丙",
        "A. 甲;B. 乙;C. 丙",
        "甲|乙|丙",
    ],
)
def test_all_options_may_stand_in_one_cell(cell: str) -> None:
    question = only("单选", "哪一个？", cell, "B", header=("题型", "题干", "选项", "答案"))
    assert question["options"] == {"A": "甲", "B": "乙", "C": "丙"}


@pytest.mark.parametrize(
    ("said", "difficulty"),
    [("较易", "easy"), ("低", "easy"), ("适中", None), ("较难", "hard"), ("高", "hard"), (0.3, "0.3")],
)
def test_a_difficulty_is_said_in_many_words(said: Any, difficulty: Any) -> None:
    header = ("题型", "题干", "答案", "难度")
    assert only("判断", "地球是圆的。", "对", said, header=header).get("difficulty") == difficulty


@pytest.mark.parametrize(
    ("answer", "verdict"), [("对", True), ("√", True), ("正确", True), ("TRUE", True), (True, True),
                            ("Y", True), ("n", False), ("错", False), ("×", False), ("F", False),
                            (False, False)]
)  # fmt: skip
def test_a_verdict_is_spelt_in_many_ways(answer: Any, verdict: bool) -> None:
    assert only("判断题", "地球是圆的。", "", "", "", "", answer)["answer"] is verdict


def test_a_verdict_may_be_the_letter_of_an_option_that_says_it() -> None:
    assert only("判断", "地球是圆的。", "正确", "错误", "", "", "B")["answer"] is False
    bare = admitted(("判断", "地球是圆的。", "", "", "", "", "A"))
    assert [doubt.code for doubt in bare.doubts] == ["letter_for_verdict"]


@pytest.mark.parametrize(
    ("prompt", "answer", "accepted"),
    [
        ("首都是____。", "北京|北京市", [["北京", "北京市"]]),
        ("首都是（  ），大城市是【】。", "北京；上海", [["北京"], ["上海"]]),
        ("首都是____，大城市是____。", "北京\n上海 | 沪", [["北京"], ["上海", "沪"]]),
        ("首都是[[1]]。", "北京、天津", [["北京、天津"]]),
    ],
)
def test_blanks_are_gaps_in_the_prompt(prompt: str, answer: str, accepted: list[list[str]]) -> None:
    found = only("填空题", prompt, "", "", "", "", answer)
    assert found["answer"] == accepted
    assert found["prompt"].count("[[") == len(accepted)


def test_numbers_may_carry_their_tolerance() -> None:
    found = only("数值题", "多少？", "", "", "", "", "3.14±0.01")
    assert (found["answer"], found["tolerance"]) == ("3.14", "0.01")
    assert only("数值题", "多少？", "", "", "", "", 0.5)["answer"] == "0.5"


def test_pairs_and_orders_are_lines() -> None:
    assert only("连线题", "连。", "", "", "", "", "法国：巴黎\n日本->东京")["pairs"] == {
        "法国": "巴黎",
        "日本": "东京",
    }
    assert only("排序题", "排。", "甲", "乙", "丙", "", "CAB")["items"] == ["丙", "甲", "乙"]


def test_options_may_stand_in_one_cell() -> None:
    found = only("哪一个？", "A. 甲\nB. 乙", "B", header=("题目", "选项", "答案"))
    assert (found["type"], found["options"]) == ("single", {"A": "甲", "B": "乙"})


def test_of_which_type_a_row_is_may_be_left_to_its_cells_and_a_guess_is_a_doubt() -> None:
    found = admitted(
        ("", "哪一个？", "甲", "乙", "", "", "B"), ("", "哪些？", "甲", "乙", "", "", "AB"),
        ("", "对吗？", "", "", "", "", "对"), ("", "几个？", "", "", "", "", 42),
    )  # fmt: skip
    assert found.bank is not None
    assert [question.type for question in found.bank.questions] == [
        "single",
        "multiple",
        "truefalse",
        "number",
    ]
    assert [(doubt.place.at, doubt.params["type"]) for doubt in found.doubts] == [(5, "number")]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (("单选题", "?", "甲", "乙", "", "", "E"), "G (答案)", "“答案” says “E”; the options are A, B."),
        (("单选题", "?", "甲", "乙", "", "", "AB"), "G (答案)",
         "“答案” says “AB”; a single choice has one right option."),
        (("单选题", "?", "甲", "乙", "", "", ""), "G (答案)", "“答案” is empty."),
        (("单选题", "?", "甲", "", "", "", "A"), "D (选项B)", "“选项B” is empty."),
        (("单选题", "", "甲", "乙", "", "", "A"), "B (题干)", "“题干” is empty."),
        (("猜谜", "?", "", "", "", "", "A"), "A (题型)", "“题型” says “猜谜”, which is no type of question."),
        (("判断题", "?", "", "", "", "", "也许"), "G (答案)",
         "“答案” says “也许”; it is either 对 or 错, true or false."),
        (("数值题", "?", "", "", "", "", "很多"), "G (答案)", "“答案” needs a number; “很多” is none."),
        (("填空题", "____和____", "", "", "", "", "甲"), "G (答案)",
         "Texts in “答案”: 1; blanks in the prompt: 2. Write one line for each blank. The cell says “甲”."),
        (("连线题", "连。", "", "", "", "", "法国 巴黎"), "G (答案)",
         "“答案” needs a pair in each line: left → right. The cell says “法国 巴黎”."),
    ],
)  # fmt: skip
def test_a_rows_fault_names_its_row_and_its_column(row: Sequence[str], column: str, reason: str) -> None:
    found = admitted(("判断题", "好的。", "", "", "", "", "对"), row)
    assert [(wording.place(one.place), wording.reason(one)) for one in found.skipped] == [
        (f"row 3, column {column}", reason)
    ]
    assert found.taken == 1


@pytest.mark.parametrize(
    ("cells", "column", "text"),
    [
        ({"分值": "很多"}, "H (分值)", "很多"),
        ({"难度": "超难"}, "I (难度)", "超难"),
        ({"出处": "保密法★", "条款": "秘密★1年"}, "K (条款)", "秘密★1年"),
        ({"复核日期": "明年"}, "L (复核日期)", "明年"),
        ({"计分规则": "随便"}, "M (计分规则)", "随便"),
        ({"选项B": "机密★长期"}, "D (选项B)", "机密★长期"),
        ({"题干": "绝密★的题"}, "B (题干)", "绝密★的题"),
        ({"解析": "x" * 30_000}, "N (解析)", "x" * 80 + "…"),
    ],
)
def test_what_the_checker_finds_in_a_row_names_its_column_and_what_stands_there(
    cells: dict[str, str], column: str, text: str
) -> None:
    header = (*HEADER, "分值", "难度", "出处", "条款", "复核日期", "计分规则", "解析")
    row = dict(zip(HEADER, ("多选题", "哪些？", "甲", "乙", "丙", "", "AB"), strict=True)) | cells
    fine = ("判断题", "好的。", "", "", "", "", "对")
    [one] = admitted(fine, [row.get(name, "") for name in header], fine, header=header).skipped
    assert wording.place(one.place) == f"row 3, column {column}"
    assert wording.offending(one) == text
    assert f"“{text}”" in wording.reason(one)


def test_titles_may_stand_above_the_header_and_every_sheet_is_read() -> None:
    one = [("2026 年题库",), (), HEADER, ("判断题", "甲。", "", "", "", "", "对")]
    two = [HEADER, ("判断题", "乙。", "", "", "", "", "也许")]
    found = admit(book(one, two, [("姓名", "电话"), ("李", "1")]), FORMATS["xlsx"])
    assert found.taken == 1
    assert [wording.place(one.place) for one in found.skipped] == ["二, row 2, column G (答案)"]
    assert ("sheet_ignored", {"sheet": "三"}) in [(note.code, note.params) for note in found.notes]


def test_a_column_that_is_unknown_is_named_and_one_that_counts_the_rows_is_no_identity() -> None:
    found = admitted((1, "甲。", "对", "x"), header=("序号", "题目", "答案", "备注"))
    assert [(note.code, note.params) for note in found.notes] == [("column_ignored", {"column": "备注"})]
    assert found.bank is not None
    assert found.bank.questions[0].id.startswith("truefalse-")


def test_a_chosen_column_counts_before_any_guess() -> None:
    source = book([("乱七八糟", "答案", "备注"), ("甲。", "对", "因为")])
    with pytest.raises(Unreadable) as refused:
        admit(source, FORMATS["xlsx"])
    assert refused.value.params["headers"] == ("乱七八糟", "答案", "备注")
    chosen = Source(source.data, "x.xlsx", {"乱七八糟": "prompt", "备注": "explanation"})
    found = admit(chosen, FORMATS["xlsx"])
    assert found.bank is not None
    assert (found.bank.questions[0].prompt, found.bank.questions[0].explanation) == ("甲。", "因为")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_csv_is_read_in_every_encoding_and_layout(encoding: str, end: str, sign: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=sign, lineterminator=end).writerows(
        [HEADER, ("判断题", "甲,乙;丙\n丁", "", "", "", "", "对")]
    )
    source = Source(out.getvalue().encode(encoding), "x")
    assert detect(source).name == "csv"
    found = admit(source, FORMATS["csv"])
    assert found.bank is not None
    assert found.bank.questions[0].prompt == "甲,乙;丙\n丁"


def test_a_csv_that_breaks_off_or_cannot_be_decoded_is_refused_with_its_line() -> None:
    for data, line in ((b'prompt,answer\n"a,b\n', 2), (b"prompt,answer\nabc,\xff\xff\n", 2)):
        with pytest.raises(Unreadable) as refused:
            admit(Source(data, "x.csv"), FORMATS["csv"])
        assert refused.value.params["line"] == line


def test_what_is_written_is_never_a_formula() -> None:
    item = {"id": "q", "type": "truefalse", "prompt": "=1+1", "answer": True, "explanation": "@SUM(A1)"}
    draft = Draft({"bank": "b", "title": "t", "language": "zh"}, [item])
    written = FORMATS["xlsx"].write(draft).data  # type: ignore[misc]
    [sheet] = openpyxl.load_workbook(io.BytesIO(written)).worksheets
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    text = FORMATS["csv"].write(draft).data.decode("utf-8-sig")  # type: ignore[misc]
    assert "'=1+1" in text
    assert "'@SUM(A1)" in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_has_an_example_of_each_type_that_is_read_as_it_stands(language: str) -> None:
    source = Source(template(language, "说明", [("题型", "…")]), "template.xlsx")
    found = admit(source, FORMATS["xlsx"])
    assert [wording.reason(one) for one in found.skipped] == []
    assert found.doubts == []
    assert found.bank is not None
    assert [question.type for question in found.bank.questions] == list(CARRIES)
    assert all(meant(header) == column for column, header in HEADERS[language].items())
    assert all(row.keys() <= HEADERS[language].keys() for row in EXAMPLES[language])
    assert {meant(header) for header, _ in explained.columns_explained(language)} == set(explained.COLUMNS)


PARTS = ("材料", "标识", *HEADER)


def test_questions_that_name_a_text_belong_to_the_row_of_that_text() -> None:
    found = admitted(
        ("", "read", "材料题", "支部开了两次会。"),
        ("read", "", "判断题", "开过会。", "", "", "", "", "对"),
        ("read", "", "单选题", "几次？", "1", "2", "", "", "B"),
        ("", "", "判断题", "与材料无关。", "", "", "", "", "错"),
        header=PARTS,
    )
    assert (found.read, found.taken, found.skipped) == (2, 2, [])
    assert found.bank is not None
    passage, other = found.bank.questions
    assert (passage.id, passage.prompt, [part.type for part in passage.parts]) == (
        "read", "支部开了两次会。", ["truefalse", "single"],
    )  # fmt: skip
    assert other.type == "truefalse"


def test_rows_that_follow_each_other_with_the_same_text_are_about_it() -> None:
    found = admitted(
        ("甲文。", "", "判断题", "一。", "", "", "", "", "对"),
        ("甲文。", "", "判断题", "二。", "", "", "", "", "对"),
        ("乙文。", "", "判断题", "三。", "", "", "", "", "对"),
        header=PARTS,
    )
    assert found.bank is not None
    assert [(one.prompt, len(one.parts)) for one in found.bank.questions] == [("甲文。", 2), ("乙文。", 1)]


def test_a_mistake_in_a_question_about_a_text_leaves_the_passage_out_and_names_its_own_cell() -> None:
    found = admitted(
        ("甲文。", "", "判断题", "一。", "", "", "", "", "对"),
        ("甲文。", "", "判断题", "二。", "", "", "", "", "也许"),
        ("乙文。", "", "判断题", "绝密★的题。", "", "", "", "", "对"),
        ("绝密★的文。", "", "判断题", "四。", "", "", "", "", "对"),
        header=PARTS,
    )
    assert [wording.place(one.place) for one in found.skipped] == [
        "row 3, column I (答案)", "row 4, column D (题干)", "row 5, column A (材料)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "variables"),
    [
        ("a = 2..9", {"a": {"from": "2", "to": "9"}}),
        ("a：2~9；b：10、20", {"a": {"from": "2", "to": "9"}, "b": {"choose": ["10", "20"]}}),
        ("a = 0 到 1，步长 0.25\nb = 10 | 20", {"a": {"from": "0", "to": "1", "step": "0.25"},
                                               "b": {"choose": ["10", "20"]}}),
        ("a = -5..-2", {"a": {"from": "-5", "to": "-2"}}),
    ],
)  # fmt: skip
def test_variables_are_a_line_each(cell: str, variables: dict[str, Any]) -> None:
    prompt = " ".join(f"{{{{{name}}}}}" for name in variables)
    found = only("数值题", prompt, "{{a+1}}", cell, header=("题型", "题干", "答案", "变量"))
    assert (found["variables"], found["answer"]) == (variables, "{{a+1}}")


def test_a_cell_that_says_no_variables_is_named() -> None:
    [one] = admitted(("数值题", "{{a}}", "{{a}}", "随便"), header=("题型", "题干", "答案", "变量")).skipped
    assert wording.place(one.place) == "row 2, column D (变量)"
    assert "随便" in wording.reason(one)


@pytest.mark.parametrize("texts", [["a", "b"], ['"a', "b|c"], ["x | y", "\n"], ["a;b", " c"], ['"q"', "\\"]])
def test_several_texts_in_a_cell_come_back_as_they_were(texts: list[str]) -> None:
    assert cells.parted(cells.joined(texts, cells.ALTERNATIVES, " | "), cells.ALTERNATIVES) == texts


def test_a_formula_without_its_value_says_so_and_what_to_do() -> None:
    found = admitted(("单选题", "甲？", "一", "二", None, None, '=IF(1=1,"A","B")'))
    (skipped,) = found.skipped
    assert skipped.code == "cell_formula_unsaved"
    assert "save it" in wording.reason(skipped)
    assert wording.place(skipped.place) == "row 2, column G (答案)"

"""What an editor checks while one types: it refuses no good file, and catches what its schema can catch."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
import yaml
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from jsonschema_rs import Draft7Validator

from studyhub.exams.file.reading import read
from studyhub.exams.file.schema import SCHEMA
from studyhub.kernel.shipped import shipped_folder
from studyhub.questions.bank_file import check
from studyhub.questions.formats.bank_yaml import dump_written
from studyhub.questions.formats.exchange import Draft
from studyhub.questions.schema import bank_schema
from tests.factories.items import drafts

ROOT = Path(__file__).parents[2]
ZONE = ZoneInfo("Asia/Shanghai")
BANK, EXAM = Draft7Validator(bank_schema()), Draft7Validator(SCHEMA)
HEAD = "bank: b\ntitle: t\nlanguage: zh\nquestions:\n"


class Core(yaml.SafeLoader):
    """YAML 1.2 as editors read it: true and false, numbers and null; a day or 1:30 is a text."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[Any]]] = {}


for tag, pattern, first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"^(?:{pattern})$"), list(first))


def faults(validator: Draft7Validator, text: str) -> list[str]:
    document = yaml.load(text, Loader=Core)
    return [f"{list(error.instance_path)}: {error.message}" for error in validator.iter_errors(document)]


def examples() -> Iterator[tuple[str, str]]:
    """Every YAML example of the documents that is a bank or an exam, or a question of one."""
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "question_banks" / "SCHEMA.md"]:
        for block in re.findall(r"^```yaml\n(.*?)^```", path.read_text("utf-8"), re.M | re.S):
            text = HEAD + block if block.startswith("  - id:") else block
            if re.match(r"(bank|exam): ", text):
                yield str(path.relative_to(ROOT)), text


EXAMPLES = list(examples())
SHIPPED = [
    (path.name, path.read_text("utf-8")) for path in sorted(shipped_folder("question_banks").rglob("*.yaml"))
]


def test_the_documents_show_banks_exams_passages_and_variables() -> None:
    text = "".join(text for _, text in EXAMPLES)
    assert len(EXAMPLES) >= 4
    assert all(word in text for word in ("bank: ", "exam: ", "type: passage", "variables:"))


@pytest.mark.parametrize(("name", "text"), [*EXAMPLES, *SHIPPED])
def test_every_example_and_every_shipped_file_is_good_to_editor_and_checker(name: str, text: str) -> None:
    is_bank = text.lstrip().startswith("bank:") or "\nbank: " in text
    assert faults(BANK if is_bank else EXAM, text) == []
    found = check(text.encode()).faults if is_bank else read(text.encode(), ZONE).faults
    assert [fault for fault in found if fault.is_error] == []


@given(drafts(pictures=False))
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_what_the_checker_takes_the_editor_takes(draft: Draft) -> None:
    text = dump_written(draft.head, draft.questions)
    if check(text.encode()).bank is not None:
        assert faults(BANK, text) == []


@pytest.mark.parametrize("slug", ["0e0", "08", "12", "1e5"])
def test_an_id_that_looks_like_a_number_is_written_as_a_text(slug: str) -> None:
    question = {"id": slug, "type": "truefalse", "prompt": "问", "answer": True, "explanation": "析"}
    text = dump_written({"bank": slug, "title": "题", "language": "zh"}, [question])
    assert check(text.encode()).bank is not None
    assert faults(BANK, text) == []


def question(own: str, kind: str = "single") -> str:
    return f"{HEAD}  - id: q\n    type: {kind}\n    prompt: 问\n    explanation: 析\n{own}"


CHOICE = "    options: {A: 甲, B: 乙}\n"
PART = "    questions:\n      - {id: a, type: truefalse, prompt: 问, answer: true%s}\n"


@pytest.mark.parametrize(
    "text",
    [
        question("    answer: A\n"),
        question(CHOICE),
        question(CHOICE + "    anwser: A\n"),
        question(CHOICE + "    answer: [A, B]\n"),
        question(CHOICE + "    answer: A\n    marking: net\n"),
        question("    options: {A: 甲}\n    answer: A\n"),
        question(CHOICE + "    answer: A\n    points: [1]\n"),
        question(CHOICE + "    answer: A\n    difficulty: 1.5\n"),
        question(CHOICE + "    answer: A\n    source: {page: 3}\n"),
        question(CHOICE + "    answer: A\n    variables: {a: {from: 1}}\n"),
        question(CHOICE + "    answer: A\n    variables: {a: {from: 1, to: 2, choose: [1]}}\n"),
        question(CHOICE + "    answer: A\n    variables: {a: {pick: [1]}}\n"),
        question("    answer: [甲]\n", "blank"),
        question("    answer: 1\n    unit: [m]\n", "number"),
        question("    pairs: {甲: 一}\n", "match"),
        question("    pairs: {甲: 一, 乙: 二}\n    answer: 甲\n", "match"),
        question("    items: [甲]\n", "order"),
        question("    rubric: [要点]\n", "essay"),
        question("    rubric: [{for: 要点}]\n", "essay"),
        question("    max_chars: 0\n", "essay"),
        question("    answer: 好\n", "essay"),
        question("", "passage"),
        question("    questions: []\n", "passage"),
        question(PART % ", retired: true", "passage"),
        question(PART % "" + "      - {id: b, type: passage, prompt: 问, questions: []}\n", "passage"),
        question(PART % ", options: {A: 甲}", "passage"),
        question("    answer: true\n" + PART % "", "truefalse"),
        HEAD.replace("bank: b", "bank: B"),
        HEAD.replace("zh", "fr") + "  - {id: q, type: truefalse, prompt: 问, answer: true}\n",
    ],
)
def test_a_faulty_bank_is_seen_by_editor_and_checker(text: str) -> None:
    assert faults(BANK, text)
    assert check(text.encode()).bank is None


GOOD = "exam: e\ntitle: t\nminutes: 5\nsections: [{draw: 1, from: b}]\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("exam: e", "exam: E"),
        ("minutes: 5", "minutes: 半小时"),
        ("minutes: 5\n", ""),
        ("draw: 1, ", ""),
        ("draw: 1", "draw: 0"),
        ("from: b", "from: b, mix: {easy: 40}"),
        ("from: b", "from: b, where: {type: essays}"),
        ("from: b", "from: b, points: [1]"),
        ("minutes: 5", "minutes: 5\npass: 60"),
        ("minutes: 5", "minutes: 5\nreview: {score: later}"),
        ("minutes: 5", "minutes: 5\nrehearsal: true"),
        ("minutes: 5", "minuts: 5\ncloses: 2026-12-31 18:00"),
    ],
)
def test_a_faulty_exam_is_seen_by_editor_and_checker(old: str, new: str) -> None:
    assert faults(EXAM, GOOD) == []
    assert not any(fault.is_error for fault in read(GOOD.encode(), ZONE).faults)
    assert old in GOOD
    text = GOOD.replace(old, new)
    assert faults(EXAM, text)
    assert any(fault.is_error for fault in read(text.encode(), ZONE).faults)


def test_the_setup_names_addresses_that_answer_without_sign_in(client: FlaskClient) -> None:
    page = (ROOT / "docs" / "for-admins" / "vs-code.md").read_text("utf-8")
    [setup] = re.findall(r"^```json\n(.*?)^```", page, re.M | re.S)
    schemas = json.loads(setup)["yaml.schemas"]
    served = {
        pattern: client.get(re.sub(r"https://[^/]+", "", address)) for address, pattern in schemas.items()
    }
    assert {answer.status_code for answer in served.values()} == {200}
    assert {answer.content_type for answer in served.values()} == {"application/schema+json"}
    assert served["question_banks/*.yaml"].get_json(force=True) == bank_schema()
    assert served["question_banks/exams/*.yaml"].get_json(force=True) == json.loads(json.dumps(SCHEMA))

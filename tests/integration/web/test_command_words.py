"""Click's own words and `--help` are in STUDYHUB_LOCALE, as every message of the command line is."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from studyhub.cli import main
from studyhub.questions.commands import import_banks


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["doctor", "--help"], ["用法：", "选项:", "显示本帮助。"]),
        (["doctor", "x"], ["用法：", "用“main doctor --help”查看帮助。", "错误：多余的参数：x"]),
        (["doctor", "--foo"], ["错误：没有选项 '--foo'。"]),
        (["banks", "check"], ["错误：缺少参数 'PATH…'"]),
        (["nothing"], ["错误：没有命令 'nothing'。"]),
        (["exams", "draw", "x", "--seed", "y"], ["的值无效："]),
    ],
)
def test_usage_and_its_errors_are_chinese_where_the_site_is(words: list[str], said: list[str]) -> None:
    output = CliRunner(env={"STUDYHUB_LOCALE": ""}).invoke(main, words).output
    assert [each for each in said if each not in output] == []
    assert "Usage" not in output
    assert "Error" not in output


def test_they_are_english_where_the_site_is() -> None:
    result = CliRunner(env={"STUDYHUB_LOCALE": "en"}).invoke(main, ["doctor", "x"])
    assert result.exit_code == 2
    assert "Error: Got unexpected extra argument (x)" in result.output


def _commands(command: click.Command, *words: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield words, command
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from _commands(below, *words, name)


def _described(command: click.Command) -> list[str]:
    options = [each for each in command.params if isinstance(each, click.Option)]
    return [text for text in (command.help, *(option.help for option in options)) if text]


def test_every_description_is_chinese_where_the_site_is() -> None:
    CliRunner(env={"STUDYHUB_LOCALE": "zh"}).invoke(main, ["--help"])
    seen = [(words, text) for words, command in _commands(main) for text in _described(command)]
    assert [each for each in seen if each[1].isascii() and len(each[1].split()) > 2] == []
    assert len(seen) > 60


def test_a_list_of_commands_shows_the_whole_first_sentence_of_each() -> None:
    shown = CliRunner(env={"STUDYHUB_LOCALE": "zh"}).invoke(main, ["banks", "--help"]).output
    assert re.search(r"^  import +按文件导入题库：全部一并导入，有一个出错则都不导入$", shown, re.MULTILINE)
    assert re.search(r"^  tag +给题库 BANK 的试题 QUESTIONS 加上标签 TAG$", shown, re.MULTILINE)
    assert "..." not in shown.partition("命令:")[2]


def test_the_help_of_a_command_is_chinese_with_all_of_its_paragraphs() -> None:
    runner = CliRunner(env={"STUDYHUB_LOCALE": "zh"})
    assert "不用 -o 时，结果写到标准输出" in runner.invoke(main, ["banks", "convert", "--help"]).output


def test_the_word_of_the_organisation_is_in_the_help() -> None:
    runner = CliRunner(env={"STUDYHUB_LOCALE": "zh", "STUDYHUB_WORD_PACK": "general"})
    assert "按这位成员抽取" in runner.invoke(main, ["exams", "draw", "--help"]).output


def test_every_description_is_english_as_written_where_the_site_is_even_after_a_chinese_one() -> None:
    CliRunner(env={"STUDYHUB_LOCALE": "zh"}).invoke(main, ["--help"])
    shown = CliRunner(env={"STUDYHUB_LOCALE": "en"}).invoke(main, ["banks", "--help"]).output
    assert "Give QUESTIONS of a BANK a TAG." in shown
    assert "Bring banks up to their files: all of them, or none..." in shown
    written = inspect.cleandoc(import_banks.callback.__doc__ or "") if import_banks.callback else ""
    assert import_banks.help == written
    texts = [text for _words, command in _commands(main) for text in _described(command)]
    assert [text for text in texts if re.search("[一-鿿]", text.replace("学习考核平台", ""))] == []

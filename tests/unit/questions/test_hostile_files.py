"""A hostile file is refused in bounded time and memory, and kills nothing. Each runs in a child process."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

MEGABYTE = 1024 * 1024
MOST_MEMORY = 512 * MEGABYTE
MOST_SECONDS = 20  # of the whole child, on a busy machine; the check itself takes a fraction of one

HEAD = "bank: b\ntitle: t\nlanguage: zh\nquestions:\n"
ITEM = "- {{id: q{0}, type: truefalse, answer: 对, prompt: 下列关于党支部工作的说法中哪一项正确{1}}}\n"

HOSTILE = {
    "200 KB of brackets": ("'[' * 200_000", "too_deep"),
    "200 KB of braces": ("'{' * 200_000", "too_deep"),
    "200 KB of dashes": ("'- ' * 100_000", "too_deep"),
    "200 KB of question marks": ("'? ' * 100_000", "too_deep"),
    "merge keys": (
        "'a: &a {x: 1}\\n' + ''.join(f'b{n}: &b{n} {{<<: [*a, *a, *a, *a]}}\\n' for n in range(12))",
        "anchor",
    ),
    "a billion laughs": ("'a: &a [x, x]\\nb: &b [*a, *a]\\nc: [*b, *b]\\n'", "anchor"),
    "tags": ("'bank: !!python/object/apply:os.system [id]\\n'", "tag"),
    "a quoted megabyte": ("'bank: \"' + 'x' * 1_000_000", "unclosed_quote"),
    "a million keys": ("HEAD + '- ' + ''.join(f'k{n}: 1\\n  ' for n in range(300_000))", "too_many_faults"),
    "a hundred thousand faulty questions": ("HEAD + '- {id: A!}\\n' * 100_000", "too_many_faults"),
    "a hundred thousand broken questions": ("HEAD + '- prompt: [a] b\\n' * 30_000", "must_quote"),
    "nearly equal prompts": (
        "HEAD + ''.join(ITEM.format(n, chr(19968 + n)) for n in range(3_000))",
        "near_duplicate",
    ),
    "one endless line": ("'bank: ' + 'a ' * 2_000_000", "too_long"),
    "too large": ("'#' * (33 * 1024 * 1024)", "too_large"),
}


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_quickly_and_in_little_memory(name: str) -> None:
    expression, code = HOSTILE[name]
    program = (
        "from studyhub.questions.bank_file import check\n"
        f"HEAD, ITEM = {HEAD!r}, {ITEM!r}\n"
        f"print({{fault.code for fault in check(({expression}).encode()).faults}})\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        preexec_fn=limited,
        check=False,
    )
    assert child.returncode == 0, child.stderr[-500:]
    assert code in child.stdout

"""What is measured: the two floors, then ours, on the server and database that are given."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.load import CLIENTS, Load, Request, run

ROUNDS = 100
"""How many requests each client sends in a measured run (saves and pages: four times as many)."""
WARM_UPS = 12
"""How often each client walks the path before: psycopg prepares a statement at its fifth run on a
connection, and PostgreSQL settles on a plan after five more; in service connections live for hours."""
PAPER = 20


@dataclass(frozen=True, slots=True)
class Ground:
    """What the data set prepared: one token for each member, and how to ask which attempts were started."""

    tokens: list[str]
    exam: str
    attempts: Callable[[], dict[str, int]]
    """By token, the id of the attempt that its member has open."""


Address = tuple[str, int]


def floors(address: Address) -> dict[str, Load]:
    """A constant from bare Flask, and one indexed read with one committed upsert, twice (see `server.py`)."""
    constant = [Request("GET", "/floor/constant")] * (ROUNDS * 4)

    def rows(path: str) -> Load:
        return run(
            address,
            lambda client: [Request("PUT", f"{path}/{(client * 997 + n) % 5000}") for n in range(ROUNDS * 4)],
        )

    return {
        "constant": run(address, lambda client: constant),
        "upsert": rows("/floor/upsert"),
        "built": rows("/floor/built"),
    }


def ours(address: Address, ground: Ground) -> dict[str, Load]:
    """Start, save, submit and mark, and a page, in the order in which a member does them."""

    def mine(client: int) -> list[str]:
        return ground.tokens[client * ROUNDS : (client + 1) * ROUNDS]

    start = f"/api/v1/exams/{ground.exam}/attempts"
    loads = {"start": run(address, lambda c: [Request("POST", start, token=token) for token in mine(c)])}
    attempts = ground.attempts()
    loads["save"] = run(address, lambda c: [_save(attempts, token, n) for token in mine(c) for n in range(4)])
    loads["page"] = run(address, lambda c: [Request("GET", "/exams", token=token) for token in mine(c)] * 4)
    loads["submit"] = run(
        address,
        lambda c: [Request("POST", f"/api/v1/attempts/{attempts[t]}/submit", token=t) for t in mine(c)],
    )
    return loads


def warm_up(address: Address, ground: Ground) -> None:
    """Let both workers load what they keep in memory, as they have in service, by walking the whole path."""
    spare = ground.tokens[CLIENTS * ROUNDS :]
    start = f"/api/v1/exams/{ground.exam}/attempts"
    run(address, lambda client: [Request("POST", start, token=token) for token in spare[client::CLIENTS]])
    attempts = ground.attempts()
    for requests in (
        lambda client: [_save(attempts, token, 0) for token in spare[client::CLIENTS]],
        lambda client: [Request("GET", "/exams", token=token) for token in spare[client::CLIENTS]],
        lambda client: [
            Request("POST", f"/api/v1/attempts/{attempts[token]}/submit", token=token)
            for token in spare[client::CLIENTS]
        ],
    ):
        run(address, requests)


def _save(attempts: dict[str, int], token: str, n: int) -> Request:
    body = {"answer": "ABCD"[n % 4], "epoch": 1, "seq": n + 1}
    path = f"/api/v1/attempts/{attempts[token]}/answers/{n % PAPER + 1}"
    return Request("PUT", path, json.dumps(body), token)


def members_needed() -> int:
    """How many members the data set must have."""
    return CLIENTS * (ROUNDS + WARM_UPS)

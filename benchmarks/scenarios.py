"""What is measured: the two floors, then ours, on the server and database that are given."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.load import CLIENTS, Clients, Load, Request

LAPS = 5
LAP_ROUNDS = 20
"""How many requests each client sends in a lap (saves, pages and floors: four times as many)."""
ROUNDS = LAPS * LAP_ROUNDS
WARM_UPS = 12
"""How often each client walks the path before: psycopg prepares a statement at its fifth run on a
connection, and PostgreSQL settles on a plan after five more; in service connections live for hours."""
PAPER = 20
FLOORS = ("built", "upsert")


@dataclass(frozen=True, slots=True)
class Ground:
    """What the data set prepared: one token for each member, and how to ask which attempts were started."""

    tokens: list[str]
    exam: str
    attempts: Callable[[], dict[str, int]]
    """By token, the id of the attempt that its member has open."""


def constant(clients: Clients) -> Load:
    """Bare Flask answering a constant."""
    return clients.run(lambda client: [Request("GET", "/floor/constant")] * (ROUNDS * 4))


def floor(clients: Clients, name: str) -> Load:
    """One lap of one indexed read with one committed upsert: `built` anew, or prepared (see `server.py`)."""
    return clients.run(
        lambda client: [
            Request("PUT", f"/floor/{name}/{(client * 997 + n) % 5000}") for n in range(LAP_ROUNDS * 4)
        ],
    )


def ours(ground: Ground) -> dict[str, Callable[[Clients, int], Load]]:
    """Start, save, submit and mark, and a page: what runs one lap of each, in the order of a member's day."""

    def mine(client: int, lap: int) -> list[str]:
        first = client * ROUNDS + lap * LAP_ROUNDS
        return ground.tokens[first : first + LAP_ROUNDS]

    start = f"/api/v1/exams/{ground.exam}/attempts"

    def starts(clients: Clients, lap: int) -> Load:
        return clients.run(lambda c: [Request("POST", start, token=token) for token in mine(c, lap)])

    def saves(clients: Clients, lap: int) -> Load:
        attempts = ground.attempts()
        return clients.run(lambda c: [_save(attempts, t, n) for t in mine(c, lap) for n in range(4)])

    def pages(clients: Clients, lap: int) -> Load:
        return clients.run(lambda c: [Request("GET", "/exams", token=token) for token in mine(c, lap)] * 4)

    def submits(clients: Clients, lap: int) -> Load:
        attempts = ground.attempts()
        return clients.run(
            lambda c: [
                Request("POST", f"/api/v1/attempts/{attempts[t]}/submit", token=t) for t in mine(c, lap)
            ],
        )

    return {"start": starts, "save": saves, "page": pages, "submit": submits}


@dataclass(frozen=True, slots=True)
class Measured:
    """All laps of one scenario, and of each floor the laps that stood around them."""

    own: Load
    floors: Mapping[str, Load]

    def ratio(self, floor: str) -> float:
        """Our requests a second to those of the floor; what stalls any lap counts."""
        return self.own.per_second / self.floors[floor].per_second


def measure(clients: Clients, ground: Ground) -> dict[str, Measured]:
    """Every lap between two of each floor, so that what slows the machine down for a second slows both."""
    loads: dict[str, Load] = defaultdict(Load)
    around: dict[str, dict[str, Load]] = defaultdict(lambda: defaultdict(Load))
    before = _floors(clients)
    for lap in range(LAPS):
        for name, run_lap in ours(ground).items():
            loads[name] += run_lap(clients, lap)
            after = _floors(clients)
            for floor_name in FLOORS:
                around[name][floor_name] += before[floor_name] + after[floor_name]
            before = after
    return {name: Measured(load, around[name]) for name, load in loads.items()}


def _floors(clients: Clients) -> dict[str, Load]:
    return {name: floor(clients, name) for name in FLOORS}


def warm_up(clients: Clients, ground: Ground) -> None:
    """Let both workers load what they keep in memory, as they have in service, by walking the whole path."""
    spare = ground.tokens[CLIENTS * ROUNDS :]
    start = f"/api/v1/exams/{ground.exam}/attempts"
    clients.run(lambda client: [Request("POST", start, token=token) for token in spare[client::CLIENTS]])
    attempts = ground.attempts()
    for requests in (
        lambda client: [_save(attempts, token, 0) for token in spare[client::CLIENTS]],
        lambda client: [Request("GET", "/exams", token=token) for token in spare[client::CLIENTS]],
        lambda client: [
            Request("POST", f"/api/v1/attempts/{attempts[token]}/submit", token=token)
            for token in spare[client::CLIENTS]
        ],
    ):
        clients.run(requests)


def _save(attempts: dict[str, int], token: str, n: int) -> Request:
    body = {"answer": "ABCD"[n % 4], "epoch": 1, "seq": n + 1}
    path = f"/api/v1/attempts/{attempts[token]}/answers/{n % PAPER + 1}"
    return Request("PUT", path, json.dumps(body), token)


def members_needed() -> int:
    """How many members the data set must have."""
    return CLIENTS * (ROUNDS + WARM_UPS)

"""`make bench`: prints the ratios and writes them to benchmarks/latest.json. Ends with 1 below a target."""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import bank_check, bank_import, dataset, scenarios
from benchmarks.load import Clients
from benchmarks.server import serving
from studyhub.config import Settings
from tests import postgresql

TARGETS = {"save": 0.6, "start": 0.35, "submit": 0.3, "page": 0.4}
BANK_LIMITS = {
    "check_to_parse": 2.0,
    "growth": 1.25,
    "import_to_floor": 4.0,
    "memory_growth": 1.1,
    "search_to_check": 3.0,
}
"""The most that each ratio of the bank file may be."""
P95_MS = 25
LATEST = Path(__file__).with_name("latest.json")


def main() -> int:
    """Measure both databases and the checker."""
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="studyhub-bench-") as name:
        for engine, url in _databases(Path(name)):
            results[engine] = _measure(Path(name) / engine, url)
        results["banks"] = _banks(Path(name) / "banks")
    LATEST.write_text(json.dumps(results, indent=2) + "\n")
    print(json.dumps(results, indent=2))
    missed = [
        f"{engine}: {name} {results[engine]['ratios'][name]} < {target}"
        for engine in ("sqlite", "postgresql")
        for name, target in TARGETS.items()
        if results[engine]["ratios"][name] < target
    ]
    missed += [
        f"banks: {name} {results['banks'][name]:.2f} > {most}"
        for name, most in BANK_LIMITS.items()
        if results["banks"][name] > most
    ]
    if results["sqlite"]["p95_ms"]["save"] > P95_MS:
        missed.append(f"sqlite: the 95th percentile of a save is {results['sqlite']['p95_ms']['save']} ms")
    print("\n".join(missed) or "every target is met")
    return 1 if missed else 0


def _banks(folder: Path) -> dict[str, float]:
    return {
        **bank_check.run(),
        **bank_import.run(folder),
        **bank_import.near_duplicates(),
        "memory_growth": bank_import.memory_growth(),
    }


def _databases(folder: Path) -> Iterator[tuple[str, str]]:
    yield "sqlite", f"sqlite:///{folder / 'sqlite' / 'studyhub.sqlite3'}"
    with postgresql.fresh_database(durable=True) as url:
        yield "postgresql", url


def _measure(folder: Path, url: str) -> dict[str, Any]:
    folder.mkdir(parents=True)
    environment = {"STUDYHUB_DATA_DIR": str(folder), "STUDYHUB_DATABASE_URL": url}
    settings = Settings.from_environment(environment)
    ground = dataset.build(settings, environment, folder)
    with serving(environment, _free_port()) as address, Clients(address) as clients:
        scenarios.warm_up(clients, ground)
        constant = scenarios.constant(clients)
        built = scenarios.floor(clients, "built")
        measured = scenarios.measure(clients, ground)
    return {
        "ratios": {name: round(each.ratio("built"), 3) for name, each in measured.items()},
        "ratios to the fastest floor": {
            name: round(each.ratio("upsert"), 3) for name, each in measured.items()
        },
        "constant": round(constant.per_second / built.per_second, 2),
        "p95_ms": {name: round(each.own.p95_ms, 1) for name, each in measured.items()},
    }


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main())

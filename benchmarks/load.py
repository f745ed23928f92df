"""A closed-loop load: a few clients, each sending its next request when the last one is answered."""

from __future__ import annotations

import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

CLIENTS = 8
WORKERS = 2
TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. `body` is JSON text or empty; `token` is sent as a bearer token."""

    method: str
    path: str
    body: str = ""
    token: str = ""

    def encoded(self, host: str) -> bytes:
        body = self.body.encode()
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
        if body:
            lines.append("Content-Type: application/json")
        if self.token:
            lines.append(f"Authorization: Bearer {self.token}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass(frozen=True, slots=True)
class Load:
    """What runs showed: how long they took, and how long each request took, in seconds."""

    elapsed: float = 0.0
    seconds: list[float] = field(default_factory=list)

    def __add__(self, other: Load) -> Load:
        return Load(self.elapsed + other.elapsed, self.seconds + other.seconds)

    @property
    def per_second(self) -> float:
        """Requests a second."""
        return len(self.seconds) / self.elapsed

    @property
    def p95_ms(self) -> float:
        """The 95th percentile of the requests' times, in milliseconds."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)] * 1000


_WHO = Request("GET", "/floor/worker")

Plan = Callable[[int], Sequence[Request]]
"""The requests of client number n, in order."""


class Clients:
    """A connection for each client, equally many to every worker, kept for all that is measured.

    The kernel gives a connection to any worker: with eight of them one worker may get seven, and then the run
    measures one core. What differs between two runs would be that, more than what they do.
    """

    def __init__(self, address: tuple[str, int], clients: int = CLIENTS) -> None:
        self._host = f"{address[0]}:{address[1]}"
        held: dict[bytes, list[socket.socket]] = defaultdict(list)
        for _ in range(100):
            # Many at once: of connections that come singly, the same worker may take every one.
            for connection in [_connected(address) for _ in range(4 * clients)]:
                worker = _exchange(connection, _WHO.encoded(self._host)).rpartition(b"\r\n")[2]
                if len(held[worker]) < clients // WORKERS:
                    held[worker].append(connection)
                else:
                    connection.close()
            if sum(map(len, held.values())) == clients:
                break
        else:
            raise RuntimeError(f"{clients} connections could not be spread over {WORKERS} workers")
        self._connections = [connection for each in held.values() for connection in each]

    def __enter__(self) -> Clients:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._connections:
            connection.close()

    def run(self, plan: Plan) -> Load:
        """Send every client's requests and measure. Raises RuntimeError on any answer that is not 2xx, and on
        one that does not come."""
        times: list[float] = []
        errors: list[str] = []
        planned = [
            [request.encoded(self._host) for request in plan(n)] for n in range(len(self._connections))
        ]
        gate = threading.Barrier(len(planned) + 1)

        def client(connection: socket.socket, requests: list[bytes]) -> None:
            gate.wait()
            try:
                for request in requests:
                    began = time.perf_counter()
                    _expect_success(_exchange(connection, request))
                    times.append(time.perf_counter() - began)
            except (OSError, RuntimeError) as error:
                errors.append(str(error))

        threads = [
            threading.Thread(target=client, args=each)
            for each in zip(self._connections, planned, strict=True)
        ]
        for thread in threads:
            thread.start()
        gate.wait()
        began = time.perf_counter()
        for thread in threads:
            thread.join()
        elapsed = time.perf_counter() - began
        if errors:
            raise RuntimeError(f"{len(errors)} clients were refused, the first with: {errors[0]}")
        return Load(elapsed, times)


def _expect_success(answer: bytes) -> None:
    if not answer.startswith(b"HTTP/1.1 2"):
        raise RuntimeError(answer[:400].decode(errors="replace"))


def _connected(address: tuple[str, int]) -> socket.socket:
    connection = socket.create_connection(address, timeout=TIMEOUT_S)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _exchange(connection: socket.socket, request: bytes) -> bytes:
    connection.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _received(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    length = _content_length(head)
    while len(body) < length:
        body += _received(connection)
    return head + b"\r\n\r\n" + body


def _received(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise RuntimeError("the server closed the connection in the middle of an answer")
    return data


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0

"""One line of JSON for each request. No query, body, cookie or header is ever logged: they hold secrets."""

from __future__ import annotations

import logging
import secrets
import sys
import time
from typing import TextIO

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger("studyhub.access")


def configure(stream: TextIO | None = None) -> None:
    """Write logs as JSON lines (to standard error unless said). Server and scheduler call this once."""
    stream = stream or sys.stderr
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def init(app: Flask) -> None:
    """Time every request, and give each a number that its error page and its log line share."""

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(6)
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        request_id = g.get("request_id", "")
        response.headers["X-Request-Id"] = request_id
        user = g.get("_login_user")
        log.info(
            "request",
            id=request_id,
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            member=getattr(user, "member_no", None) if user and user.is_authenticated else None,
        )
        return response

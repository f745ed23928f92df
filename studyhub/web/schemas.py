"""JSON Schemas over HTTP, for editors that complete and check a file while it is typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response

_KEPT = "public, max-age=3600"


def schema_answer(schema: Mapping[str, Any]) -> Response:
    """The schema, kept by editors for an hour."""
    body = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
    return Response(body, content_type="application/schema+json", headers={"Cache-Control": _KEPT})

"""When a text was opened, as a page without scripts says it: signed, for one member and one lesson."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from itsdangerous import BadSignature, URLSafeSerializer


@dataclass(frozen=True, slots=True)
class Opening:
    """Who opened what."""

    secret_key: str
    member_no: str
    lesson_id: int

    def signed(self, at: datetime) -> str:
        """What the page's form carries."""
        return str(self._serializer().dumps(int(at.timestamp())))

    def read(self, signed: str, now: datetime) -> datetime:
        """The moment that the form carries; `now` when it carries none of ours."""
        try:
            return min(now, datetime.fromtimestamp(self._serializer().loads(signed), UTC))
        except BadSignature:
            return now

    def _serializer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret_key, f"studyhub.opening.{self.lesson_id}.{self.member_no}")

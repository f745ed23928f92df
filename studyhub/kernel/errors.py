"""The tree of errors that StudyHub raises on purpose.

StudyHubError
├── Refused            the request cannot be done; `code` is stable, `status` is its HTTP status
│   ├── BadRequest         400
│   ├── NotSignedIn        401
│   ├── Forbidden          403
│   ├── NotFound           404  missing or out of the actor's scope: the two look alike
│   ├── Conflict           409
│   ├── Unprocessable      422
│   │   └── Unreadable         a file as a whole; `params` hold the line where there is one
│   ├── TooLarge           413
│   ├── TooMany            429
│   └── Unavailable        503  try again after `retry_after_s`
└── Misconfigured      the app does not start; in free text where a developer made the mistake
    └── BadSetting         a setting is unsafe or contradicts another; `params` name it

An error carries a code and parameters. Its sentence is made at the edge, in the reader's language.
"""

from __future__ import annotations

from typing import Any, ClassVar


class StudyHubError(Exception):
    """Anything that StudyHub raises on purpose."""


class Misconfigured(StudyHubError):
    """The application cannot be put together as it is."""


class BadSetting(Misconfigured):
    """What an operator set is unsafe or useless: a stable `code`, and `params` with the `variable`."""

    def __init__(self, code: str, variable: str, **params: Any) -> None:
        self.code = code
        self.params: dict[str, Any] = {"variable": variable, **params}
        super().__init__(f"{variable}: {code}")  # for logs; people read the sentence of the code


class Refused(StudyHubError):
    """A request that cannot be done, with a stable `code` and JSON-ready `params`."""

    status: ClassVar[int] = 400
    default_code: ClassVar[str] = "bad_request"

    def __init__(self, code: str | None = None, **params: Any) -> None:
        self.code = code or self.default_code
        self.params = params
        super().__init__(self.code)


class BadRequest(Refused):
    """The request is not of the form that the route takes."""


class NotSignedIn(Refused):
    """Nobody is signed in, or the session was revoked."""

    status = 401
    default_code = "not_signed_in"


class Forbidden(Refused):
    """The actor's roles lack the permission of the route."""

    status = 403
    default_code = "forbidden"


class NotFound(Refused):
    """Missing, or out of the actor's scope: deliberately the same answer."""

    status = 404
    default_code = "not_found"


class Conflict(Refused):
    """The state of the thing does not allow it (now)."""

    status = 409
    default_code = "conflict"


class TooLarge(Refused):
    """The body is larger than the route takes."""

    status = 413
    default_code = "too_large"


class Unprocessable(Refused):
    """Well-formed, but what it says is wrong."""

    status = 422
    default_code = "unprocessable"


class Unreadable(Unprocessable):
    """The file as a whole cannot be read; `params` hold the line where there is one."""


class TooMany(Refused):
    """Too many tries; come back after `retry_after_s`."""

    status = 429
    default_code = "too_many"

    def __init__(self, code: str | None = None, *, retry_after_s: int, **params: Any) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(code, retry_after_s=retry_after_s, **params)


class Unavailable(Refused):
    """Busy, or the disk is full: nothing was written, come back after `retry_after_s`."""

    status = 503
    default_code = "unavailable"

    def __init__(self, code: str | None = None, *, retry_after_s: int = 2, **params: Any) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(code, retry_after_s=retry_after_s, **params)

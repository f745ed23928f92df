"""The JSON API's common part: checked bodies, problems, lists with a cursor, and the OpenAPI document.

    @room.post("/api/v1/things", permission=…, writes=True)
    @spec.validate(json=NewThing, resp=answers(HTTP_201=Thing, problems=(409,)))
    def create_thing() -> ResponseReturnValue:
        body = checked_body(NewThing)

The guard's own refusals (401, 403, 404, 503 …) and 422 for a checked body are added to the document here.
"""

from __future__ import annotations

import base64
import binascii
import copy
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, json, make_response, request
from flask.typing import ResponseReturnValue
from pydantic import AliasChoices, BaseModel, ConfigDict, Field
from spectree import Response as Answers
from spectree import SecurityScheme, SpecTree
from spectree.models import InType, SecureType, SecuritySchemeData
from spectree.plugins.base import Context
from spectree.plugins.flask_plugin import FlaskPlugin

from studyhub.kernel.errors import BadRequest, Misconfigured, Refused, Unprocessable
from studyhub.kernel.permissions import Permission
from studyhub.web import request_faults
from studyhub.web.errors import PROBLEM_JSON
from studyhub.web.guard import Policy, Room, policy_of
from studyhub.web.limits import LARGEST_ID, is_storable

_KEY = "studyhub.openapi"
_FILES = "studyhub_takes_file"
_BODY_METHODS = frozenset({"post", "put", "patch"})

room = Room("api", __name__)
M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
P = TypeVar("P", str, int)
V = TypeVar("V", bound=Callable[..., Any])


class UnsupportedMediaType(Refused):
    """The body is not sent as JSON."""

    status = 415
    default_code = "unsupported_media_type"


class Problem(BaseModel):
    """An error, as RFC 9457 has it. `code` is stable; `title` is in the reader's language."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str


class Page(BaseModel):
    """The query of a list: how many items, and where the last answer ended."""

    limit: int = Field(default=50, ge=1, le=200)
    after: str | None = Field(
        default=None,
        max_length=200,
        validation_alias=AliasChoices("after", "cursor", "next"),
        description="`next` of the answer before; `cursor` and `next` are taken as well",
    )


class OwnCheck(BaseModel):
    """A body with text that its own view refuses, in its own words, when no database can store it."""


class CheckedRequests(FlaskPlugin):
    """Spectree's checks with ours: strict JSON in, and answers checked against the document only in tests."""

    def request_validation(  # noqa: PLR0913, PLR0917 - spectree calls it so
        self, request: Any, query: Any, json: Any, form: Any, headers: Any, cookies: Any
    ) -> None:
        """Check the query and the body. All faults of both are told, not the first."""
        check = self.model_adapter.validate_obj
        request.context = Context(
            check(query, request.args.to_dict()) if query else None,
            check(json, _strict_json(storable=not issubclass(json, OwnCheck))) if json else None,
            None,
            None,
            None,
        )

    def validate_response(self, resp: Any, resp_model: Any, skip_validation: bool, force: bool) -> Any:
        """In service an answer goes out as it is: looking through it for models cost a start 0.6 ms."""
        if not current_app.testing:
            return make_response(resp), None
        return super().validate_response(resp, resp_model, skip_validation, force)


def _refuse_faults(_request: Any, _answer: Any, error: Any, _instance: Any, adapter: Any) -> None:
    if error is not None:
        faults = [
            request_faults.fault(".".join(map(str, found["loc"])), found["type"], found.get("ctx"))
            for found in error.errors(include_url=False, include_input=False)
        ]
        raise Unprocessable("invalid_request", faults=faults)


_named: dict[str, type[BaseModel]] = {}


def _model_name(model: type[BaseModel]) -> str:
    """The name of a model in the document. Two models of one name would silently become one."""
    if _named.setdefault(model.__name__, model) is not model:
        raise Misconfigured(f"Two models of the API are called {model.__name__}.")
    return model.__name__


spec = SpecTree(
    backend=CheckedRequests,
    before=_refuse_faults,
    validation_error_model=Problem,
    annotations=False,
    mode="strict",
    title="StudyHub",
    version="1",
    naming_strategy=_model_name,
    nested_naming_strategy=lambda _parent, child: child,
    openapi_version="3.1.0",
    security_schemes=[
        SecurityScheme(name="bearer", data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer")),
        SecurityScheme(
            name="cookie",
            data=SecuritySchemeData(type=SecureType.API_KEY, name="studyhub", field_in=InType.COOKIE),
        ),
    ],
)


def answers(*, problems: Iterable[int] = (), **models: Any) -> Answers:
    """What a call answers: a model by status (`HTTP_200=Thing`, None for no body), and error statuses."""
    return Answers(**models, **{f"HTTP_{status}": Problem for status in problems})


def checked_body(model: type[M]) -> M:
    """The body that `spec.validate(json=model)` has checked."""
    return cast(M, request.context.json)  # type: ignore[attr-defined]


def checked_query(model: type[M]) -> M:
    """The query that `spec.validate(query=model)` has checked."""
    return cast(M, request.context.query)  # type: ignore[attr-defined]


def takes_file(*media_types: str) -> Callable[[V], V]:
    """Marks a call whose body is a file, of one of these types, for the document."""

    def mark(view: V) -> V:
        setattr(view, _FILES, media_types)
        return view

    return mark


def encode_cursor(*position: str | int) -> str:
    """The place after the last item, opaque to the caller."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None) -> list[Any] | None:
    """What `encode_cursor` was given. Raises Unprocessable for a cursor that it did not make."""
    if cursor is None:
        return None
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise Unprocessable("bad_cursor") from error
    if not isinstance(position, list) or not all(_is_place(part) for part in position):
        raise Unprocessable("bad_cursor")
    return position


def decode_place(cursor: str | None, kind: type[P]) -> P | None:
    """The one part of a cursor that has only one; None at the beginning. Raises Unprocessable for another."""
    position = decode_cursor(cursor)
    if position is None:
        return None
    if len(position) != 1 or not isinstance(position[0], kind):
        raise Unprocessable("bad_cursor")
    return position[0]


def _is_place(part: Any) -> bool:
    if isinstance(part, str):
        return is_storable(part)
    return type(part) is int and abs(part) <= LARGEST_ID


def listed(
    rows: Sequence[T], limit: int, item: Callable[[T], Any], position: Callable[[T], tuple[str | int, ...]]
) -> dict[str, Any]:
    """`{"items", "next"}` of a query that asked for one row more than `limit`."""
    shown = rows[:limit]
    following = encode_cursor(*position(shown[-1])) if len(rows) > limit else None
    return {"items": [item(row) for row in shown], "next": following}


@room.get("/api/v1/openapi.json", permission=Permission.PUBLIC, transaction=None)
def openapi() -> ResponseReturnValue:
    """The document that describes this API."""
    return Response(current_app.extensions[_KEY], content_type="application/json")


def describe(app: Flask) -> None:
    """Write the OpenAPI document, once, from the routes and what they declared."""
    document = _raw_document(app)
    document["security"] = [{"bearer": []}, {"cookie": []}]
    document["components"]["schemas"].setdefault("Problem", Problem.model_json_schema())
    for rule in app.url_map.iter_rules():
        policy = policy_of(app, rule.endpoint)
        operations = document["paths"].get(spec.backend.parse_path(rule, None)[0], {})
        for method in rule.methods or ():
            if policy and method.lower() in operations:
                _declare_refusals(operations[method.lower()], method.lower(), policy)
                _declare_file(operations[method.lower()], app.view_functions[rule.endpoint])
    app.extensions[_KEY] = json.dumps(document)


def _raw_document(app: Flask) -> dict[str, Any]:
    # Spectree empties its models of their nested definitions as it writes: give it a copy.
    models = copy.deepcopy(spec.models)
    spec.app = app
    with app.app_context():
        document: dict[str, Any] = spec._generate_spec()
    spec.models = models
    return document


def _declare_refusals(operation: dict[str, Any], method: str, policy: Policy) -> None:
    statuses = {400, 429, 503}
    if policy.permission is Permission.PUBLIC:
        operation["security"] = []
    else:
        statuses |= {401, 403}
    if any(parameter["in"] == "path" for parameter in operation["parameters"]):
        statuses.add(404)
    if method in _BODY_METHODS:
        statuses |= {413, 415, 422}
    for status in statuses:
        operation["responses"].setdefault(str(status), {"description": "A problem."})
    for status, answer in operation["responses"].items():
        if status >= "400":
            answer["content"] = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def _declare_file(operation: dict[str, Any], view: Callable[..., Any]) -> None:
    taken = getattr(view, _FILES, ())
    if taken:
        file = {"schema": {"type": "string", "format": "binary"}}
        operation["requestBody"] = {"required": True, "content": dict.fromkeys(taken, file)}


def _strict_json(*, storable: bool) -> Any:
    if not request.get_data():
        return {}
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    raw = request.get_data()
    try:
        parsed = json.loads(raw, parse_constant=_no_constant)
        # Only an escape can bring in what no database stores: look again when there is one.
        if storable and b"\\u" in raw and not is_storable(parsed):
            raise BadRequest("bad_json")
    except (ValueError, RecursionError) as error:
        raise BadRequest("bad_json") from error
    return parsed


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")

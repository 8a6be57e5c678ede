"""Errors of the API: `application/problem+json` (RFC 9457), which says what was expected, what was found and what to do.

Each has `title`, `status` and `detail`; what is wrong with an input is in `problems`, each with `code`, `where`, `message`
and `hint`. A fault of this program says so and nothing else: the stack trace is in the log of `serve`. So it is with what
cannot be kept or read: an error of the store names a path or a database's address, which is for whoever runs the box.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from proactive.error import ProactiveError
from proactive.store import StoreError
from proactive.vault import VaultError
from rules.problem import InputError, Problem
from streams.log import LogError

PROBLEM_JSON = "application/problem+json"
WHY = "Whoever runs it finds why in its log, or with `proactive doctor`."
NOT_KEPT = f"This box cannot keep or read things now: its disk may be full, or its store away. {WHY}"
_NOT_DONE = f"Something that this needs does not work here now. {WHY}"
_KEEPERS = (StoreError, LogError, VaultError)
RETRY = 5  # seconds until what is full or fails is worth another try
_log = logging.getLogger(__name__)

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "where", "message", "hint"],
                "properties": {name: {"type": "string"} for name in ("code", "where", "message", "hint")},
            },
        },
    },
}


class Refused(HTTPException):
    """Say that a request is not answered: with which status, why, and what to do.

    It is the framework's own, since what is raised while a body is read would otherwise be taken for a body that is broken.
    """

    def __init__(
        self, status: int, detail: str, problems: Sequence[Problem] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, detail, headers)
        self.status, self.problems = status, tuple(problems)


def problem_response(
    status: int,
    detail: str,
    problems: Sequence[Problem] = (),
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> JSONResponse:
    """Return the answer that says what is wrong."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    if problems:
        body["problems"] = [problem.as_json() for problem in problems]
    return JSONResponse(body, status, dict(headers or {}), media_type=PROBLEM_JSON)


def problems_documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what a route's `responses` says of the errors that it may answer."""
    content = {PROBLEM_JSON: {"schema": SCHEMA}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def words_for_anybody(error: Exception) -> str:
    """Return what may be said of an error to whoever asked; where things are kept is told to the log alone, which gets it here."""
    if not isinstance(error, _KEEPERS):
        return str(error)
    _log.warning("A request could not be answered: %s", error)
    return NOT_KEPT


def add_error_handlers(app: FastAPI) -> None:
    """Answer everything that is raised with a problem; a stack trace never leaves the process."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(InputError, _input_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(LogError, _unavailable)
    app.add_exception_handler(ProactiveError, _unavailable)
    app.add_exception_handler(Exception, _fault)


def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return problem_response(error.status, error.detail, error.problems, error.headers)


def _input_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, InputError)
    return problem_response(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), error.problems)


def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = [
        Problem(each["type"], ".".join(map(str, each["loc"])), f"{each['msg']}; found {each.get('input')!r}.")
        for each in error.errors()
    ]
    return problem_response(HTTPStatus.UNPROCESSABLE_ENTITY, "The request is not what was expected.", problems)


def _gone(_: Request, __: Exception) -> Response:
    return problem_response(HTTPStatus.BAD_REQUEST, "Expected more of a body, found its end. Send it again.")


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if (
        "exceeded maximum size" in error.detail
    ):  # what the framework lets one field of a form hold; it calls that a bad request
        return problem_response(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"{error.detail} Send less at once.")
    said = {
        HTTPStatus.NOT_FOUND: f"There is nothing at {request.url.path}. What there is: /api/openapi.json",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.url.path} does not take {request.method}.",
    }
    return problem_response(error.status_code, said.get(HTTPStatus(error.status_code), error.detail), (), error.headers)


def _unavailable(_: Request, error: Exception) -> Response:
    _log.warning("A request could not be answered: %s", error)
    detail = f"{NOT_KEPT if isinstance(error, _KEEPERS) else _NOT_DONE} Nothing was lost: send it again."
    return problem_response(HTTPStatus.SERVICE_UNAVAILABLE, detail, (), {"Retry-After": str(RETRY)})


def _fault(_: Request, __: Exception) -> Response:
    detail = "This is a fault of the program; the log of `proactive serve` says more. Nothing that was sent counts."
    return problem_response(HTTPStatus.INTERNAL_SERVER_ERROR, detail)

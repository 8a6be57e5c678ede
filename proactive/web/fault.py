"""What a browser sees where something is wrong: the same problems as the API's, as a page in plain words."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from proactive.web.page import error_page
from proactive.web.problem import problem_response
from proactive.web.site import Site
from proactive.web.visit import SAFE, SignInFirst, is_for_a_page

Handler = Callable[[Request, Any], Response | Awaitable[Response]]
# By status: the title, and the words where those of the problem are meant for programs.
_WORDS: dict[int, tuple[str, str]] = {
    403: ("That is not for you", ""),
    404: ("There is nothing here", "The address may be wrong, or what was here is gone."),
    405: ("That does not work here", "Go back and try again."),
    422: ("That is not what I expected", "Go back and check what you entered."),
    500: (
        "Something went wrong here",
        "It is my fault, not yours. Nothing that you sent counts; try again in a moment.",
    ),
    503: ("Not right now", ""),
}


def add_pages_of_faults(app: FastAPI) -> None:
    """Answer browsers with pages where others get a problem; whoever must sign in is asked to."""
    for kind, handler in list(app.exception_handlers.items()):
        app.exception_handlers[kind] = _for_browsers(handler)
    app.add_exception_handler(SignInFirst, _sign_in_first)


def _for_browsers(handler: Handler) -> Handler:
    async def answer(request: Request, error: Exception) -> Response:
        found = handler(request, error)
        response = await found if isawaitable(found) else found
        return _as_page(request, response) if is_for_a_page(request) else response

    return answer


def _as_page(request: Request, response: Response) -> Response:
    said = json.loads(bytes(response.body))
    title, words = _WORDS.get(response.status_code, (said["title"], ""))
    own = response.status_code in (404, 403, 410) and "/api/" not in said["detail"]
    kept = {name: response.headers[name] for name in ("retry-after",) if name in response.headers}
    return error_page(request, response.status_code, title, said["detail"] if own or not words else words, kept)


def _sign_in_first(request: Request, _: Exception) -> Response:
    site: Site = request.app.state.site
    if not is_for_a_page(request):
        return problem_response(401, "Sign in first.")
    if not site.store.has_accounts():
        return RedirectResponse("/begin", 303)
    wanted = request.url.path if request.method in SAFE else "/"
    return RedirectResponse("/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted)}", 303)

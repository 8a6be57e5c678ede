"""Who asks, and what they may do: the one place where a request is let in.

    @router.get("/api/things")
    def things(site: Here, caller: Annotated[Caller, Depends(needs("read"))]) -> ...

A program shows a token (`Authorization: Bearer ...`): one that was made with `proactive tokens create`, the one of
`PROACTIVE_API_TOKEN`, or the local one, which the commands of this machine find in the data folder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from proactive.token import SCOPES, Scope, same, split_token
from proactive.web.problem import Refused
from proactive.web.site import Here, Site
from streams.bucket import Buckets

LOOPBACK = ("127.0.0.1", "::1", "localhost", "testclient")
BEARER = HTTPBearer(auto_error=False, scheme_name="token", description="A token of `proactive tokens create`.")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a name for logs and limits, what they may do, and of which home (None: of every one)."""

    name: str
    scopes: tuple[Scope, ...]
    home: str | None = None

    def may(self, scope: Scope) -> bool:
        """Tell whether a scope is theirs; `admin` has all of them."""
        return scope in self.scopes or "admin" in self.scopes

    def may_see(self, home: str) -> bool:
        """Tell whether a home is theirs to ask about."""
        return self.home in (None, home)


def _caller(site: Here, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> Caller | None:
    """Return who asks, or None where nobody is known by what they show."""
    return None if shown is None else _of_token(site, shown.credentials)


def _of_token(site: Site, shown: str) -> Caller | None:
    """Return whose token this is."""
    if site.local_token is not None and same(shown, site.local_token):
        return Caller("this machine", SCOPES)
    if site.settings.api_token is not None and same(shown, site.settings.api_token):
        return Caller("PROACTIVE_API_TOKEN", ("records:write", "read"))
    split = split_token(shown)
    token = site.store.token(split[0]) if split else None
    if token is None or split is None or not token.is_secret(split[1]):
        return None
    return Caller(token.name, token.scopes, token.home)


Known = Annotated[Caller | None, Depends(_caller)]


def needs(scope: Scope) -> Callable[[Site, Caller | None], Caller]:
    """Return the dependency that lets in whoever has a scope, as often as is reasonable."""

    def let_in(site: Here, caller: Known) -> Caller:
        return admitted(site, caller, scope)

    return let_in


def admitted(site: Site, caller: Caller | None, scope: Scope) -> Caller:
    """Return the caller where they have a scope and do not ask too often. Raise Refused."""
    if caller is None:
        headers = {"WWW-Authenticate": "Bearer"}
        detail = f"Expected a token with the scope {scope!r}: proactive tokens create NAME --scope {scope}"
        raise Refused(HTTPStatus.UNAUTHORIZED, detail, (), headers)
    if not caller.may(scope):
        found = ", ".join(caller.scopes)
        raise Refused(HTTPStatus.FORBIDDEN, f"Expected a token with the scope {scope!r}, found one with {found}.")
    keep_pace(site.requests, caller, 1, "requests")
    return caller


def keep_pace(buckets: Buckets, caller: Caller, count: int, what: str) -> None:
    """Raise Refused, with when to come again, where a caller asks for more than is reasonable."""
    wait = buckets.take(caller.name, count)
    if wait:
        detail = (
            f"Expected at most {buckets.rate:,.0f} {what} a second of {caller.name!r}. Come again in {int(wait) + 1} s."
        )
        raise Refused(HTTPStatus.TOO_MANY_REQUESTS, detail, (), {"Retry-After": str(int(wait) + 1)})


def is_this_machine(request: Request) -> bool:
    """Tell whether a request comes straight from this machine, by a name of this machine.

    A proxy speaks for others, and some say nothing of it: where one is configured nobody counts as this machine. A page of another
    site may have had its name pointed here.
    """
    site: Site = request.app.state.site
    straight = not any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip"))
    return (
        not site.settings.published
        and straight
        and request.client is not None
        and request.client.host in LOOPBACK
        and request.url.hostname in LOOPBACK
    )

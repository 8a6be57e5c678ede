"""People in browsers, for the tests of pages: each signed in by a session of their own, against the application that runs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import httpx

from proactive.access import token
from proactive.account import Account, Session
from rules.home import Home, parse_home
from tests.proactive.web.conftest import Running

STANDINGS = ("owner", "member", "child", "guest")
PERSON = {"owner": "person.greg", "member": "person.max", "child": "person.zoe", "guest": "person.gus"}
SECRET = "plum boat seven"


def family(maple: Home) -> Home:
    """Return the home of the tests with somebody of every standing in it."""
    value = maple.model_dump(mode="json", exclude_unset=True)
    more = [
        {"id": "person.max", "name": "Max", "role": "member"},
        {"id": "person.gus", "name": "Gus", "role": "guest"},
    ]
    people = [{**each, "role": "child"} if each["id"] == "person.zoe" else each for each in value["people"]]
    return parse_home({**value, "people": [*people, *more]})


@dataclass
class Browser:
    """A browser: its cookies, and the word of the forms of the page that it loaded last."""

    address: str
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(
            base_url=self.address, headers={"Accept": "text/html", "Origin": self.address}, trust_env=False, timeout=120
        )

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Load a page, following where it leads."""
        return self.client.get(path, headers=headers, follow_redirects=True)

    def form(self) -> str:
        """Return the word that the forms of this person's pages carry."""
        found = re.search(r'data-form="(\w+)"', self.get("/account").text)
        return found[1] if found else ""

    def post(self, path: str, **values: object) -> httpx.Response:
        """Send a form of our own pages."""
        return self.client.post(path, data={"form": self.form(), **values})


def browser_of(running: Running, person: str, home: str = "maple") -> Browser:
    """Return a browser in which a person is signed in."""
    now, secret = running.site.now(), token.make()
    account = Account(
        id=f"{home} {person}", name=f"{home} {person}", home=home, person=person, password="", created_at=now
    )
    running.store.add_account(account)
    running.store.add_session(
        Session(
            id=token.digest(secret),
            account=account.id,
            home=home,
            person=person,
            device="Firefox",
            created_at=now,
            seen_at=now,
        )
    )
    browser = Browser(running.address)
    browser.client.cookies.set("proactive", secret)
    return browser

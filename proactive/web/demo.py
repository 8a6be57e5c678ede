"""The demo home: made-up people, a dog and things to watch, for whoever looks around before they have cameras.

It is entered with one tap: nobody needs a name or a password for people who do not exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from proactive.access import entry
from proactive.access.entry import Came, Denied
from rules.home import Home, parse_home
from rules.rule import parse_rule

if TYPE_CHECKING:
    from proactive.store import Store
    from proactive.web.site import Site

NAME, OWNER = "demo", "person.sam"


def enter(site: Site, time_zone: str, *, device: str) -> Came:
    """Return a session in the demo home, which is made where there is no home yet. Raise Denied where there is another one."""
    if is_open(site.store):
        return entry.come_back(site.store, NAME, device=device, now=site.now())
    if site.store.home_ids():
        raise Denied("There is a home here already. Choose who you are.")
    made = home(zone_named(time_zone))
    came = entry.begin(site.store, made, OWNER, "Sam", None, device=device, now=site.now())
    make_rules(site.store, made, OWNER, site.now())
    site.look()
    return came


def is_open(store: Store) -> bool:
    """Say whether there is a demo home, and no other, for which nobody chose a password yet."""
    return store.home_ids() == [NAME] and all(not account.password for account in store.accounts(NAME))


def zone_named(name: str) -> str:
    """Return a time zone by its name, or UTC where there is none of that name."""
    return name if name in available_timezones() else "UTC"


def home(time_zone: str) -> Home:
    """Return the demo home, owned by the person who looks around."""
    value: dict[str, Any] = {
        "home": NAME,
        "name": "Maple Street (demo)",
        "time_zone": time_zone,
        "default_speaker": OWNER,
        "people": [
            {"id": OWNER, "name": "Sam", "role": "owner"},
            {"id": "person.zoe", "name": "Zoe", "role": "child"},
        ],
        "pets": [{"id": "pet.daisy", "name": "Daisy", "species": "dog", "looks": "golden retriever"}],
        "cameras": [
            {
                "id": "cam.kitchen",
                "name": "kitchen camera",
                "sees": "Daisy's bowls",
                "zones": {"food_bowls": [[0.05, 0.55], [0.4, 0.55], [0.4, 0.95], [0.05, 0.95]]},
            },
            {"id": "cam.yard", "name": "yard camera", "sees": "the yard and the gate"},
        ],
        "devices": [
            {"id": "cover.garage", "type": "garage_door", "name": "garage door", "attributes": {"state": ["open", "closed"]}},
            {"id": "doorbell.front", "type": "doorbell", "name": "front doorbell", "events": ["pressed"]},
            {"id": "light.porch", "type": "light", "name": "porch light", "attributes": {"state": ["on", "off"]}},
        ],
    }  # fmt: skip
    return parse_home(value)


def make_rules(store: Store, home: Home, owner: str, now: int) -> None:
    """Keep the rules of the demo home, as its owner's."""
    for rule in _RULES:
        notify = {"to": [owner], **rule["notify"]}
        store.put_rule(parse_rule(rule | {"home": home.home, "owner": owner, "notify": notify}), who=owner, at=now)


_RULES: tuple[dict[str, Any], ...] = (
    {
        "id": "daisy-fed",
        "said": "let me know if Daisy isn't fed by noon every day",
        "when": {
            "op": "absent",
            "of": [
                {
                    "type": "detection",
                    "source": "cam.kitchen",
                    "subject": "pet.daisy",
                    "where": {"activity": "eating", "zone": "food_bowls"},
                }
            ],
            "window": {"from": "00:00", "until": "12:00"},
        },
        "notify": {"message": "Daisy has not been fed by noon", "urgency": "high"},
    },
    {
        "id": "garage-open",
        "said": "tell me when the garage has been open for ten minutes",
        "when": {"op": "holds", "state": {"state": "cover.garage", "is": "open"}, "lasting": "10m"},
        "notify": {"message": "The garage door has been open for ten minutes"},
    },
    {
        "id": "front-bell",
        "said": "tell me when somebody rings at the front door",
        "when": {"op": "occurs", "of": [{"type": "event", "source": "doorbell.front", "where": {"name": "pressed"}}]},
        "notify": {"message": "Somebody is at the front door", "snapshot": True},
    },
)

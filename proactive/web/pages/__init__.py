"""Pages: each module has a `router`; one that is in the navigation has a `TAB` as well. `PAGES` lists them all."""

from __future__ import annotations

from fastapi import APIRouter

from proactive.web.page import Tab
from proactive.web.pages import (
    account,
    begin,
    camera_edit,
    cameras,
    clip,
    device,
    devices,
    edit,
    house,
    invitation,
    notifications,
    people,
    pets,
    picture,
    push,
    rules,
    shown,
    sign_in,
    start,
    talk,
    telling,
    timeline,
    trust,
    voice,
    why,
    wrong,
    zones,
)

PAGES: tuple[APIRouter, ...] = (
    start.router,
    begin.router,
    sign_in.router,
    trust.router,
    invitation.router,
    talk.router,
    voice.router,
    rules.router,
    edit.router,
    why.router,
    picture.router,
    timeline.router,
    camera_edit.router,
    cameras.router,
    zones.router,
    clip.router,
    people.router,
    house.router,
    telling.router,
    devices.router,
    pets.router,
    shown.router,
    account.router,
    device.router,
    notifications.router,
    push.router,
    wrong.router,
)
TABS: tuple[Tab, ...] = tuple(
    sorted((talk.TAB, rules.TAB, timeline.TAB, cameras.TAB, people.TAB), key=lambda tab: tab.place)
)
"""The navigation in its order: Talk 1, Rules 2, Timeline 3, Cameras 4, Home 5."""

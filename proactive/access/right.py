"""Rights: what somebody may do in a home, by what they count as. The table is the whole policy; nothing else grants.

Which rules, cameras and reports a right reaches is decided one by one, by `Access`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Standing = Literal["owner", "member", "child", "guest"]
Right = Literal[
    "visit",  # be in the home at all: the shell, one's own account
    "choose_channels",  # where one is told oneself, outside of the home's own network
    "talk",  # say and ask something; what comes of it needs the rights below
    "see_rules",  # the rules that concern one
    "make_rules",
    "change_own_rules",
    "change_rules",  # of everybody
    "see_timeline",
    "see_cameras",  # the cameras that are shown to one
    "confirm",  # acts on locks, doors, alarms and stoves
    "see_home",  # who and what is listed
    "manage_home",  # the listing, channels, zones, pictures, tokens
    "manage_people",  # invitations, roles, what is shown to whom, everybody's sessions
    "see_audit",  # who changed what
]

_GUEST: frozenset[Right] = frozenset({"visit", "talk", "see_rules", "see_cameras"})
_CHILD: frozenset[Right] = _GUEST | {"see_timeline", "make_rules", "change_own_rules"}
_MEMBER: frozenset[Right] = _CHILD | {"see_home", "choose_channels"}
_OWNER: frozenset[Right] = _MEMBER | {"change_rules", "confirm", "manage_home", "manage_people", "see_audit"}

RIGHTS: Mapping[Standing, frozenset[Right]] = {
    "owner": _OWNER,
    "member": _MEMBER,
    "child": _CHILD,
    "guest": _GUEST,
}
"""What each standing grants: guests the least, owners everything."""

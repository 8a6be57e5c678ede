"""What a rule or a command may do: acts that open or disarm are for owners, and each needs a yes when its time comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from proactive.access.access import Access
from proactive.access.right import Standing
from rules.check import CONFIRMED_TYPES
from rules.home import Device, Home
from rules.problem import Problem
from rules.rule import Action


def check_acting(acts: Iterable[Action], home: Home, speaker: str | None) -> Iterator[Problem]:
    """Yield why acts may not be done for this person."""
    standing = standing_of(speaker, home)
    for act in acts:
        if standing == "guest":
            yield Problem("guest_acting", "do", "acts on the home, which guests may not ask for.", "Ask an owner.")
        elif is_sensitive(act, home) and standing != "owner":
            message = f"acts on {_name(act, home)}, which only an owner may ask for."
            yield Problem("owners_only", "do", message, "Ask an owner to make this rule.")


def standing_of(speaker: str | None, home: Home) -> Standing:
    """Return what a speaker counts as: somebody the home does not list is a guest, nobody in particular (None) a member."""
    return "member" if speaker is None else Access(home, speaker).standing


def is_sensitive(act: Action, home: Home) -> bool:
    """Say whether an act is on a device of the kind that a person confirms each time."""
    device = home.by_id.get(act.device)
    return isinstance(device, Device) and device.type in CONFIRMED_TYPES


def confirmations(acts: Iterable[Action], home: Home) -> list[str]:
    """Return what a person must know before saving: which acts wait for a yes each time."""
    names = dict.fromkeys(_name(act, home) for act in acts if is_sensitive(act, home))
    return [f"Before I act on {name}, I will ask for a yes, each time." for name in names]


def _name(act: Action, home: Home) -> str:
    entry = home.by_id.get(act.device)
    name = (entry.name if entry is not None else "") or act.device
    kind = entry.type.replace("_", " ") if isinstance(entry, Device) else ""
    return f"the {name}" if not kind or kind.split()[-1] in name.lower() else f"the {name} {kind}"

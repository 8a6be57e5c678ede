"""Swap: one entity in the place of another, wherever a rule names it."""

from __future__ import annotations

from proactive.language.local.detour import cannot, label_of
from proactive.language.local.predicate import Json
from proactive.language.local.verb import names
from proactive.language.outcome import Choice
from proactive.language.talk.draft import Draft
from proactive.language.talk.edit import Swap
from proactive.language.talk.entity import Place, replaced_by
from proactive.language.talk.places import guards, leaves, patterns
from rules.home import Camera


def swap(edit: Swap, draft: Draft) -> None:
    """Put what was said in the place of the entities of its kind. Raise DetourError to ask which, or where there is none."""
    if not edit.options:
        raise cannot("edit", f"I know nothing here that 'the {edit.said}' could be in this rule.", "Name it in full.")
    place = _chosen(edit, draft)
    own = [id for id in replaced_by(place, draft.rule, draft.home) if not edit.out or id in edit.out]
    for pattern in patterns(draft.value):
        _swap_pattern(pattern, own, place, draft)
    for guard in guards(draft.value):
        for key in ("state", "home"):
            if guard.get(key) in own:
                guard[key] = place[0]
    _tidy(draft)
    draft.say(names(own, draft.home), names([place[0]], draft.home))
    draft.say(_labels(own), _labels([place[0]]))


def _labels(ids: list[str]) -> str:
    """Return how messages call entries that they name by a part of their ids: `garage left`."""
    return " ".join(id.rpartition(".")[2].replace("_", " ") for id in ids)


def _chosen(edit: Swap, draft: Draft) -> Place:
    if len(edit.options) == 1:
        return edit.options[0]
    by_id = {_key(place): place for place in edit.options}
    choices = [Choice(key, _label(place, draft)) for key, place in by_id.items()]
    return by_id[draft.chosen("Which do you mean:", choices)]


def _key(place: Place) -> str:
    return place[0] if place[1] is None else f"{place[0]}#{place[1]}"


def _label(place: Place, draft: Draft) -> str:
    label = label_of(place[0], draft.home)
    return label if place[1] is None else f"the {place[1].replace('_', ' ')} by the {label}"


def _swap_pattern(pattern: Json, own: list[str], place: Place, draft: Draft) -> None:
    for key in ("subject", "source"):
        given = pattern.get(key)
        several = given if isinstance(given, list) else [given]
        if any(id in own for id in several):
            kept = list(dict.fromkeys(place[0] if id in own else id for id in several))
            pattern[key] = kept[0] if len(kept) == 1 else kept
            if key == "source":
                _swap_zone(pattern, place, draft)


def _swap_zone(pattern: Json, place: Place, draft: Draft) -> None:
    """Give a pattern the zone of its new camera, or none where that has no such zone."""
    camera, where = draft.home.by_id[place[0]], pattern.get("where", {})
    if not isinstance(camera, Camera):
        return
    before = where.pop("zone", None)
    zone = place[1] or (before if before in camera.zones else None)
    if zone is not None:
        where["zone"] = zone
        pattern["where"] = where
    if isinstance(before, str) and zone is not None:
        draft.say(before.replace("_", " "), zone.replace("_", " "))


def _tidy(draft: Draft) -> None:
    """Drop patterns that say the same now, and `per` where one is left."""
    for leaf in leaves(draft.value):
        for key in ("of", "first", "then"):
            if key in leaf:
                leaf[key] = [pattern for at, pattern in enumerate(leaf[key]) if pattern not in leaf[key][:at]]
        per = leaf.get("per")
        found = [pattern.get(per) for pattern in leaf.get("of", ())]
        if per and len(found) == 1 and not isinstance(found[0], list):
            del leaf["per"]

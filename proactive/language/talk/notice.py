"""Notices: who is told, how urgently, how often, under which name, and when not: edits of what is around the condition."""

from __future__ import annotations

from typing import get_args

from proactive.language.local import phrase
from proactive.language.local.detour import cannot
from proactive.language.local.predicate import Json
from proactive.language.local.verb import names
from proactive.language.talk.draft import Draft
from proactive.language.talk.edit import Escalated, Guarded, Once, Picture, Rename, Repeat, Rest, Restated, Tell, Weigh
from proactive.language.talk.places import leaves
from rules.rule import Urgency

_REMINDERS = 10
_PATIENCE = "10m"  # until somebody else is told, where no time was said
_STEPS: tuple[Urgency, ...] = get_args(Urgency)


def _notify(draft: Draft) -> Json:
    """Return the rule's notification; one that only does something gets its first."""
    message = (draft.rule.said or draft.rule.id).replace("{", "{{").replace("}", "}}")
    notify: Json = draft.value.setdefault("notify", {"message": message})
    return notify


def tell(edit: Tell, draft: Draft) -> None:
    """Tell others too, only others, or somebody not any more. Raise DetourError where nobody would be left."""
    notify = _notify(draft)
    given = notify.get("to", [])
    before = given if isinstance(given, list) else [given]
    left = [person for person in before if person not in edit.people]
    wanted = {"also": [*before, *edit.people], "only": [*edit.people], "not": left}[edit.how]
    if edit.how == "not":
        _stop_escalating(notify, edit.people)
    if not wanted:
        raise cannot("edit", "Then it would tell nobody.", "Say 'pause it', or who should be told instead.")
    notify["to"] = list(dict.fromkeys(wanted))


def _stop_escalating(notify: Json, people: tuple[str, ...]) -> None:
    escalation = notify.pop("escalate", None)
    left = [person for person in escalation["to"] if person not in people] if escalation else []
    if left:
        notify["escalate"] = {**escalation, "to": left}


def escalate(edit: Escalated, draft: Draft) -> None:
    """Tell others where nobody reacts. Raise DetourError where they are told at once."""
    notify = _notify(draft)
    given = notify.get("to", [])
    later = [person for person in edit.people if person not in (given if isinstance(given, list) else [given])]
    if not later:
        who = names(edit.people, draft.home)
        raise cannot("edit", f"{who} is told at once already.", "Say who else should be told.")
    before = notify.get("escalate", {}).get("after", _PATIENCE)
    notify["escalate"] = {"after": edit.after or before, "to": later}


def weigh(edit: Weigh, draft: Draft) -> None:
    """Give the notification another urgency."""
    notify = _notify(draft)
    at = _STEPS.index(notify.get("urgency", "normal"))
    if edit.urgency == "more":
        notify["urgency"] = _STEPS[min(at + 1, len(_STEPS) - 1)]
    elif edit.urgency == "less":
        notify["urgency"] = _STEPS[max(at - 1, 0)]
    else:
        notify["urgency"] = edit.urgency


def rename(edit: Rename, draft: Draft) -> None:
    """Give the rule another name."""
    draft.value["id"] = phrase.slug(edit.name.split())


def guard(edit: Guarded, draft: Draft) -> None:
    """Add guards that the rule does not have yet."""
    own = draft.value.setdefault("while", [])
    own += [one for one in edit.guards if one not in own]


def restate(edit: Restated, draft: Draft) -> None:
    """Put another condition about the same thing in the place of the one that there is."""
    draft.value["when"] = edit.when
    _notify(draft)["message"] = edit.message
    draft.say(draft.value["id"], edit.name)


def rest(edit: Rest, draft: Draft) -> None:
    """Let what happens be told at most once in a while. Raise DetourError where nothing happens."""
    happening = [leaf for leaf in leaves(draft.value) if leaf["op"] == "occurs"]
    if not happening:
        message = "Only what happens again and again can rest for a while, and this rule is not about that."
        raise cannot("edit", message, "Say on which days, or between which times it counts.")
    for leaf in happening:
        leaf["cooldown"] = edit.cooldown


def once(edit: Once, draft: Draft) -> None:
    """Let the rule be over after it was told once, or not."""
    draft.value["once"] = edit.once


def repeat(edit: Repeat, draft: Draft) -> None:
    """Remind again until it is over, or not again."""
    notify = _notify(draft)
    notify.pop("remind", None)
    if edit.every is not None:
        notify["remind"] = {"every": edit.every, "times": _REMINDERS}


def picture(edit: Picture, draft: Draft) -> None:
    """Send a picture along, or not."""
    _notify(draft)["snapshot"] = edit.wanted

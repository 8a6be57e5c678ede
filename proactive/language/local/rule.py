"""The rule of what was understood, as an outcome, if it holds up against the schema and the home."""

from __future__ import annotations

from collections.abc import Sequence

from proactive.language.local import phrase
from proactive.language.local.action import Action
from proactive.language.local.condition import Made
from proactive.language.local.predicate import Json
from proactive.language.local.token import MAX_TEXT
from proactive.language.local.when import When
from proactive.language.outcome import Outcome
from proactive.language.request import Request
from rules.check import blocking, check
from rules.problem import InputError
from rules.rule import Rule, parse_rule


def rule_outcome(
    made: Made, when: When, action: Action, message: str, request: Request, name: str | None = None
) -> Outcome:
    """Return the rule as an outcome, if it holds up against the schema and the home."""
    told = action.told or not action.do
    to = action.to or ([request.speaker] if request.speaker else [])
    op: str = made.when["op"]
    notify: Json = {"to": to, "message": message, "urgency": phrase.urgency(made.about.predicate, op, request.home)}
    if action.snapshot:
        notify["snapshot"] = True
    if action.remind:
        notify["remind"] = action.remind
    value: Json = {
        "id": name or phrase.rule_id(made, request.home),
        "home": request.home.home,
        "owner": request.speaker,
        "said": request.text[:MAX_TEXT],
        "when": made.when,
        "while": _unique(made.guards),
        "notify": notify if told else None,
        "do": action.do,
        "once": when.once,
        "expires": when.expires,
    }
    return _checked(value, request, (*made.notes, *action.notes))


def _checked(value: Json, request: Request, notes: tuple[str, ...]) -> Outcome:
    try:
        rule = parse_rule(value)
    except InputError as error:
        return Outcome("cannot", "I could not put that into a rule.", problems=error.problems)
    problems = check(rule, request.home)
    stopping = blocking(problems)
    if stopping:
        return Outcome("cannot", str(stopping[0]), problems=tuple(stopping))
    return Outcome("rule", _draft(rule), rules=(rule,), problems=tuple(problems), notes=notes)


def kept_to(outcome: Outcome, guards: Sequence[Json], request: Request) -> Outcome:
    """Return an outcome whose rules hold to more guards, as they were said in all of the request."""
    rules: list[Rule] = []
    for rule in outcome.rules:
        value = rule.as_json()
        value |= {"while": _unique([*value.get("while", []), *guards]), "said": request.text[:MAX_TEXT]}
        checked = _checked(value, request, ())
        if not checked.rules:
            return checked
        rules += checked.rules
    return outcome.with_(rules=tuple(rules))


def _draft(rule: Rule) -> str:
    return rule.notify.message if rule.notify is not None else rule.id


def _unique(guards: list[Json]) -> list[Json]:
    found: list[Json] = []
    for one in guards:
        if one not in found:
            found.append(one)
    return found


def apart(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return rules of one text with ids of their own: a second one of an id gets its number."""
    ids: list[str] = []
    for rule in rules:
        again = sum(one == rule.id or one.startswith(f"{rule.id}-again") for one in ids)
        ids.append(f"{rule.id}-again-{again}" if again else rule.id)
    return tuple(rule.model_copy(update={"id": name}) for rule, name in zip(rules, ids, strict=True))

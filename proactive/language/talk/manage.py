"""Manage: what is said about rules that stand: list, pause, resume, drop or change them, or be left alone for a while.

The rule is found by what it is about; nothing is done before a yes. What a person does not want to hear for a while is theirs
alone: others are told as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from proactive.language.outcome import Change, Deed, Outcome
from proactive.language.policy.gate import may_change
from proactive.language.request import Request
from proactive.language.talk.change import Wanted, edited, which_rule
from proactive.language.talk.edit import Edits, Tell
from proactive.language.talk.find import rules_about
from proactive.language.talk.followup import followup
from proactive.language.talk.guarding import is_spared, spared
from proactive.language.talk.slots import Context
from proactive.language.talk.thread import Thread
from proactive.language.talk.until import until_of
from proactive.language.talk.words import bare, plain
from rules.explain import explain
from rules.rule import Rule

_NOUN = r"(?:rule|reminder|alert|notification|automation|notice|warning|message)s?"
_LIST = re.compile(
    rf"(?:please |can you |could you )*(?:(?:what|which)(?: of (?:my|the|our))? {_NOUN}(?: (?:do i have|do we have|are there|have i|have we|are on|exist|did i make"
    r"|are active|stand|are running))?(?: now| right now| set up| made| already)?|what (?:are|do) you (?:watch|watching|monitor|monitoring|tell me about|looking for|look out for)"
    r"(?: over| for| out for)?(?: now| right now)?"
    rf"|(?:list|show|give|tell)(?: me)?(?: all)?(?: of)?(?: my| the| our| all)* (?:active |current )?{_NOUN}|do i have any {_NOUN}|what have i set up)(?: (?:about|for|on|with) (?P<what>.+))?"
)
_STOP = re.compile(
    r"(?:(?:you |we )?(?:can|could|may|should) |please |just )*(?:stop|quit|no more) (?:telling|notifying|alerting|warning|reminding|showing|sending|pinging|bothering|texting|messaging"
    rf"|{_NOUN})(?: me| us)?(?: (?:about|of|that|when|if|whenever|for))?(?P<what>.*)"
    r"|(?:don't|do not|never) (?:tell|notify|alert|warn|remind|text|bother) (?:me|us)(?: (?:about|of|that|when|if))?(?P<other>.*?) ?(?:any ?more|again|any longer)"
)
_QUIET = re.compile(
    rf"(?:(?:please )?(?:no(?: more)?|mute|silence|snooze|pause|hold|stop)(?: all)?(?: of)?(?: my| the| your)*(?: {_NOUN}| everything| all| it all)?"
    r"|(?:please )?(?:be quiet|keep quiet|quiet|do not disturb(?: me)?|don't disturb(?: me)?|leave me alone|shut up|do not tell me anything|don't tell me anything))"
)
_VERBS: dict[str, Deed] = {
    "pause": "pause", "disable": "pause", "suspend": "pause", "deactivate": "pause", "mute": "pause", "snooze": "pause", "silence": "pause", "turn off": "pause",
    "switch off": "pause", "stop": "pause", "resume": "resume", "unpause": "resume", "reactivate": "resume", "enable": "resume", "restart": "resume",
    "unmute": "resume", "turn on": "resume", "turn back on": "resume", "switch on": "resume", "delete": "drop", "drop": "drop", "remove": "drop",
    "cancel": "drop", "erase": "drop", "get rid of": "drop", "throw away": "drop", "activate": "resume",
}  # fmt: skip
_DEED = re.compile(
    rf"(?:please |can you |could you |just )*(?P<verb>{'|'.join(sorted(_VERBS, key=len, reverse=True))}) (?P<what>.+?)(?:,? (?:i|we) .*)?"
)
_CHANGE = re.compile(
    rf"(?:please |can you |could you )*(?:change|make|set|move|update|edit|switch|put) (?:the |my |our )?(?P<what>.+?) {_NOUN}(?: (?P<how>.+))?"
)
_RULE_NOUN = re.compile(rf"\b{_NOUN}\b")
_IT = re.compile(rf"(?:it|this|that|them|this one|that one|these|those)|(?:the|this|that|these|those) {_NOUN}|{_NOUN}")
_ALL = re.compile(
    rf"(?:everything|anything|it all|all|all of (?:them|it)|all (?:of )?(?:my |the |our )?{_NOUN}|(?:every|any) {_NOUN}"
    r"|(?:my |our |the )?(?:rules|reminders|alerts|notifications|automations|notices|warnings|messages))"
)
_RENAME = re.compile(rf"(?:rename|call|name) (?:the |my |our )?(?P<what>.+?) {_NOUN}(?: to| as)? (?P<name>.+)")
_HUSHING = frozenset(("mute", "snooze", "silence", "pause"))
_FOR_GOOD = timedelta(days=3650)
_DONE = {"pause": "pause", "resume": "resume", "drop": "delete"}


def managed(request: Request, thread: Thread) -> Outcome | None:
    """Return the outcome of what is said about rules that stand, or None where it is not. Raise DetourError to ask which."""
    said = plain(request.text)
    if found := _LIST.fullmatch(said):
        return _listed(request, found["what"])
    rest, until = until_of(said, request.home, request.now)
    if until is not None and _QUIET.fullmatch(plain(rest)):
        return _hushed(list(_heard(request)), until, request)
    rest = plain(rest)
    if until is None and _spares(said, request, thread):
        return None
    if found := _STOP.search(rest):
        return _stopped(found, rest, until, request, thread)
    if found := _CHANGE.fullmatch(plain(bare(request.text))):
        return _changed(found["what"], found["how"] or "", request)
    if found := _RENAME.fullmatch(plain(bare(request.text))):
        return _changed(found["what"], f"call it {found['name']}", request)
    return _done(plain(bare(rest)), until, request, thread)


# --- listing ----------------------------------------------------------------------------------------------------


def _listed(request: Request, about: str | None) -> Outcome:
    rules = rules_about(about, request.rules, request.home) if about else list(request.rules)
    if not rules:
        return _none(about or "", request)
    reply = "\n".join(f"{number}. {_line(rule, request)}" for number, rule in enumerate(rules, 1))
    return Outcome("manage", reply, change=Change("list", tuple(rule.id for rule in rules), sure=True))


def _line(rule: Rule, request: Request) -> str:
    return f"{rule.id}: {explain(rule, request.home)}"


def _none(about: str, request: Request) -> Outcome:
    """Return the answer where no rule is about something: which rules there are."""
    if not request.rules:
        return Outcome(
            "manage", "There are no rules yet, so there is nothing to change.", change=Change("list", sure=True)
        )
    reply = (
        f"I have no rule about {about.strip()}. I have:"
        if about.strip()
        else "I do not know which rule you mean. I have:"
    )
    lines = [_line(rule, request) for rule in request.rules]
    return Outcome("manage", "\n".join([reply, *lines]), change=Change("list", sure=True))


def _spares(said: str, request: Request, thread: Thread) -> bool:
    """Say whether words leave something out of a rule, "stop telling me on weekends", and stop none of those that stand."""
    contexts = [Context(rule, request.home, request.speaker, request.now) for rule in thread.topic or request.rules]
    if any(is_spared(request.text, context) for context in contexts):
        return True
    found = _STOP.fullmatch(said)
    named = found is not None and bool(_meant((found["what"] or found["other"] or "").strip(), request, thread))
    return not named and bool(thread.topic) and any(spared(said, context) is not None for context in contexts)


# --- stop, for now or for good ----------------------------------------------------------------------------------


def _stopped(
    found: re.Match[str], said: str, until: datetime | None, request: Request, thread: Thread
) -> Outcome | None:
    """Return what "stop telling me that" becomes: quiet for a while, or for who says it, or the rule is paused."""
    what = (found["what"] or found["other"] or "").strip()
    rules = _meant(what, request, thread) or rules_about(said[: found.start()], request.rules, request.home)
    if not rules:
        return _none("" if _IT.fullmatch(what) else what, request)
    if until is not None:
        return _hushed(rules, until, request)
    chosen = rules if _ALL.fullmatch(what) else _some(rules, request)
    return _stopped_one(chosen[0], request) if len(chosen) == 1 else _deed("pause", chosen, request)


def _stopped_one(rule: Rule, request: Request) -> Outcome:
    """Return what "stop telling me" becomes of one rule: others who are told are told as before."""
    told = rule.notify.to if rule.notify is not None else ()
    own = may_change(rule, request.home, request.speaker)
    if request.now is not None and request.speaker in told and not own:
        return _hushed([rule], request.now + _FOR_GOOD, request)
    if request.speaker is not None and request.speaker in told and len(told) > 1:
        leave_out = Edits((Tell((request.speaker,), "not"),))
        return edited(Wanted(rule, leave_out, saved=True), request)
    return _deed("pause", [rule], request)


def _hushed(rules: list[Rule], until: datetime, request: Request) -> Outcome:
    """Return the outcome of being left alone until then: of these rules, and for who says it."""
    if not rules:
        return _none("", request)
    names = "all your rules" if len(rules) > 1 else rules[0].id
    reply = f"From now {_until(until, request)} I would tell you nothing of {names}, not even what is urgent. What happens is kept all the same."
    return Outcome("manage", reply, change=Change("pause", tuple(rule.id for rule in rules), until=until))


def _until(until: datetime, request: Request) -> str:
    if request.now is not None and until - request.now >= _FOR_GOOD:
        return "on"
    local = until.astimezone(ZoneInfo(request.home.time_zone))
    return f"until {local:%A} {local.day} {local:%B} at {local:%H:%M}"


def _heard(request: Request) -> Iterable[Rule]:
    """Yield the rules by which a person is told."""
    for rule in request.rules:
        to = rule.notify.to if rule.notify is not None else ()
        if request.speaker is None or request.speaker in to or (not to and rule.owner == request.speaker):
            yield rule


# --- pause, resume, drop ----------------------------------------------------------------------------------------


def _done(said: str, until: datetime | None, request: Request, thread: Thread) -> Outcome | None:
    found = _DEED.fullmatch(said)
    if found is None:
        return None
    what, deed = found["what"].strip(), _VERBS[found["verb"]]
    it, all_ = _IT.fullmatch(what), _ALL.fullmatch(what)
    if not it and not all_ and not _RULE_NOUN.search(what):
        named = rules_about(what, request.rules, request.home) if found["verb"] in _HUSHING else []
        return _hushed([_one(named, request)], until, request) if named and until is not None else None
    rules = _meant(what, request, thread)
    if it and not rules and request.rules:
        rules = list(request.rules)  # which of them is asked
    if not rules:
        return _none(_RULE_NOUN.sub("", what), request) if not it or _RULE_NOUN.search(what) else None
    chosen = rules if all_ else _some(rules, request)
    return _hushed(chosen, until, request) if until is not None and deed == "pause" else _deed(deed, chosen, request)


def _meant(what: str, request: Request, thread: Thread) -> list[Rule]:
    """Return the rules that words name, "it" being those of the thread; "all" only those of who speaks."""
    if _IT.fullmatch(what) or not what:
        topic = {rule.id for rule in thread.topic} if thread.saved else set()
        named = [rule for rule in request.rules if rule.id in topic]
        if named or not _ALL.fullmatch(what):
            return named or (list(request.rules) if len(request.rules) == 1 and _RULE_NOUN.search(what) else [])
    if _ALL.fullmatch(what):
        return list(_heard(request))
    by_id = [rule for rule in request.rules if rule.id.replace("-", " ") == _RULE_NOUN.sub("", what).strip()]
    return by_id or rules_about(what, request.rules, request.home)


def _some(rules: list[Rule], request: Request) -> list[Rule]:
    """Return the rules that are meant: one, or all of them. Raise DetourError to ask which."""
    if len(rules) == 1 or request.answers.get("rule") == "all":
        return rules
    answered = [rule for rule in rules if rule.id == request.answers.get("rule")]
    if answered:
        return answered
    raise which_rule(rules, request, several=True)


def _one(rules: list[Rule], request: Request) -> Rule:
    """Return the rule that is meant. Raise DetourError to ask which of several."""
    answered = [rule for rule in rules if rule.id == request.answers.get("rule")]
    if len(rules) == 1 or answered:
        return (answered or rules)[0]
    raise which_rule(rules, request)


def _deed(deed: Deed, rules: list[Rule], request: Request) -> Outcome:
    reply = "\n".join(f"I would {_DONE[deed]} {_line(rule, request)}" for rule in rules)
    return Outcome("manage", reply, change=Change(deed, tuple(rule.id for rule in rules)))


# --- changing ---------------------------------------------------------------------------------------------------


def _changed(what: str, how: str, request: Request) -> Outcome | None:
    """Return what "change the Daisy rule to 1 pm" becomes; None where no rule is about that."""
    rules = rules_about(what, request.rules, request.home)
    if not rules:
        return _none(what, request) if request.rules else None
    rule = _one(rules, request)
    edits = followup(how, Context(rule, request.home, request.speaker, request.now)) if how else None
    if edits is None:
        reply = f"What shall I change about {_line(rule, request)}"
        return Outcome("manage", reply, change=Change("list", (rule.id,), sure=True))
    return edited(Wanted(rule, edits, saved=True), request)

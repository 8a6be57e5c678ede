"""Saying: one thing that somebody says, or one tap on a card, carried out for a visit. The page and the API both come here.

Words are read by `Talk`; a question is answered from the log as far as the person may know; what is sure is carried out and
noted in the home's list of changes. What cannot be done is told in the conversation, in words.
"""

from __future__ import annotations

from collections.abc import Collection
from threading import Event

from proactive.answer.answer import Answer
from proactive.answer.answering import answer
from proactive.answer.kept import Kept as Archive
from proactive.keeping import Kept
from proactive.language.compiler.compiler import OnDraft
from proactive.language.outcome import Change, Outcome
from proactive.language.policy.acting import check_acting
from proactive.language.reader import aloud
from proactive.language.request import Turn
from proactive.language.talk.facts import enriched
from proactive.language.talk.words import is_no, is_yes
from proactive.talking import GOES_ON, Reading, Talk
from proactive.web.problem import Refused
from proactive.web.talk.standing import stands
from proactive.web.visit import Visit
from proactive.web.words import title_of
from rules.problem import InputError
from rules.rule import Action
from rules.words.actions import done_to
from rules.words.names import called
from streams.source import Command, SourceError, Unsure

NOTICES = 10_000  # notifications that an answer looks through, the last ones
EVIDENCE = 30  # records of an answer that are kept with it, the last ones
LONGEST = 2_000  # characters of one thing that is said


def talk_of(visit: Visit) -> Talk:
    """Return the conversation of whoever visits."""
    return Talk(visit.site.store, visit.home.home, visit.person, visit.site.reader())


def say(
    visit: Visit,
    text: str,
    on_draft: OnDraft = lambda _: None,
    cancel: Event | None = None,
    ahead: Reading | None = None,
) -> Turn:
    """Hear words, answer or carry out what is sure, and return the turn. Raise Refused for too many in a short time.

    `ahead` is what was read of these words before, which counts where nothing that it rests on has changed since.
    """
    keep_pace(visit)
    talk = talk_of(visit)
    waits = _command_that_waits(talk, visit.now)
    if waits is not None and (is_yes(text) or is_no(text)):
        return accept(visit, waits) if is_yes(text) else decline(visit, waits)
    heard = Talk(talk.store, talk.home, talk.who, aloud(talk.reader, on_draft, cancel))
    kept = ahead is not None and ahead.request.text == text and talk.holds(ahead, visit.now)
    turn = heard.keep(ahead, visit.now) if ahead is not None and kept else heard.hear(text, visit.now)
    if turn.outcome.query is not None:
        return _answered(visit, talk, turn)
    change = turn.outcome.change
    if change is None or not change.sure:
        return turn
    return _carried_out(visit, talk, turn, change)


def read_ahead(visit: Visit, text: str, cancel: Event) -> Reading:
    """Return what words would become, for `say` to use once they are said; nothing changes."""
    talk = talk_of(visit)
    return Talk(talk.store, talk.home, talk.who, aloud(talk.reader, lambda _: None, cancel)).read(text, visit.now)


def accept(visit: Visit, turn: Turn, only: Collection[str] | None = None) -> Turn:
    """Carry out what a card proposes, and return the turn that says so. Raise Refused where it was answered before."""
    talk = talk_of(visit)
    try:
        if turn.outcome.acts:
            return _act(visit, talk, turn)
        kept = talk.accept(turn, visit.now, only)
    except InputError as error:
        return _not_done(talk, turn, error, visit.now)
    _note(visit, turn.outcome.change, kept)
    return talk.said(visit.now)[-1]


def decline(visit: Visit, turn: Turn) -> Turn:
    """Let go of what a card proposes. Raise Refused where it was answered before."""
    talk = talk_of(visit)
    try:
        talk.decline(turn, visit.now)
    except InputError as error:
        raise _late(error) from error
    return talk.said(visit.now)[-1]


def find(visit: Visit, at: int) -> Turn:
    """Return a turn of this person's conversation that waits for a yes. Raise Refused where it is gone, or waits no more."""
    turns = talk_of(visit).said(visit.now)
    turn = next((each for each in turns if each.at == at), None)
    if turn is None:
        raise Refused(404, "That is not part of your conversation any more. Say it again.")
    if stands(turn, turns) != "open":
        raise Refused(409, "It was answered or changed meanwhile. Look at it again.")
    return turn


def keep_pace(visit: Visit) -> None:
    """Raise Refused, with when to come again, where one person says more than anybody can."""
    if wait := visit.site.words.take(f"{visit.home.home} {visit.person}", 1):
        raise Refused(429, "That was a lot at once. Wait a moment.", (), {"Retry-After": str(int(wait) + 1)})


# --- questions --------------------------------------------------------------------------------------------------


def _answered(visit: Visit, talk: Talk, turn: Turn) -> Turn:
    found = answer_of(visit, turn.outcome)
    evidence = [record.id for record in found.evidence[-EVIDENCE:]]
    return talk.tell(turn, found.text, visit.now, evidence)


def answer_of(visit: Visit, outcome: Outcome) -> Answer:
    """Return the answer to a question, as far as whoever visits may know it."""
    assert outcome.query is not None, "only a question with a query is answered"
    store, home = visit.site.store, visit.home.home
    facts = tuple(store.facts(home))
    return answer(
        outcome.query, Archive(visit.site.runtime.log, home), enriched(visit.home, facts), visit.now,
        asker=visit.person, access=visit.access, rules=visit.access.rules(store.rules(home)),
        notices=tuple(reversed(store.notifications(home, limit=NOTICES))), facts=facts,
    )  # fmt: skip


# --- changes ----------------------------------------------------------------------------------------------------


def _carried_out(visit: Visit, talk: Talk, turn: Turn, change: Change) -> Turn:
    """Carry out what is sure; a request that it made possible is heard next."""
    try:
        kept = talk.carry_out(turn, visit.now)
    except InputError as error:
        return talk.tell(turn, _words(error), visit.now)
    _note(visit, change, kept)
    if change.then:
        return say(visit, change.then)
    return next(each for each in talk.said(visit.now) if each.at == turn.at)


def _note(visit: Visit, change: Change | None, kept: Kept) -> None:
    """Note who changed which rules, and let it count at once."""
    deed = "save" if change is None or change.deed == "edit" else change.deed
    for rule in kept.rules:
        visit.note(f"rule.{deed}", rule.id, title_of(rule))
    if kept.in_force:
        visit.site.look()


def _not_done(talk: Talk, turn: Turn, error: InputError, now: int) -> Turn:
    """Tell why what was said yes to was not done. Raise Refused where somebody answered before."""
    yes = next((each for each in talk.said(now) if each.of == turn.at), None)
    if error.problems[0].code == "answered" or yes is None:
        raise _late(error) from error
    return talk.tell(yes, _words(error), now)


def _late(error: InputError) -> Refused:
    return Refused(409, "It was answered or changed meanwhile. Look at it again.", error.problems)


def _words(error: InputError) -> str:
    problem = error.problems[0]
    return f"That did not work: this rule {problem.message} {problem.hint}".rstrip()


# --- commands ---------------------------------------------------------------------------------------------------


def _command_that_waits(talk: Talk, now: int) -> Turn | None:
    """Return the command that was asked about last, where a yes to it is still one."""
    turns = talk.said(now)
    last = turns[-1] if turns else None
    if last is None or not last.outcome.acts or now - last.at > GOES_ON:
        return None
    return last if stands(last, turns) == "open" else None


def _act(visit: Visit, talk: Talk, turn: Turn) -> Turn:
    """Hand commands to their devices, once; tell how that ended. Raise Refused for what this person may not do (any more)."""
    if wrong := list(check_acting(turn.outcome.acts, visit.home, visit.person)):
        raise Refused(403, f"This {wrong[0].message} {wrong[0].hint}".rstrip(), wrong)
    yes = talk.settle(turn, visit.now)
    told = [_sent(visit, act) for act in turn.outcome.acts]
    return talk.tell(yes, " ".join(told), visit.now)


def _sent(visit: Visit, act: Action) -> str:
    what = act_words(act, visit)
    try:
        visit.site.send(Command(visit.home.home, act.device, act.command, act.value))
    except Unsure as error:
        return f"I cannot tell whether I could {what}. Please look. ({error})"
    except SourceError as error:
        return f"I could not {what}: {error}."
    visit.note("device.act", act.device, what)
    return f"Done: {what}."


def act_words(act: Action, visit: Visit) -> str:
    """Return what a command does: `turn on the hall light`."""
    return done_to(act, called(act.device, visit.home))

"""Stories of several turns, told over a real store that is closed after each turn: what is said next refers to what was said.

A row is what is said, what becomes of it, and words of the reply. `saved` afterwards are the rules that stand, each by a
part of its read-back.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from proactive.language.local.model import LocalModel
from proactive.language.outcome import Kind
from proactive.store import Store
from proactive.talking import Talk
from rules.check import blocking, check
from rules.explain import explain
from rules.home import Home
from rules.units import MINUTE, instant
from tests.proactive.language.conftest import NOW

Said = tuple[str, Kind, str]
Story = tuple[list[Said], list[str]]

DAISY: Said = ("let me know if Daisy isn't fed by noon every day", "rule", "between midnight and noon")
GARAGE: Said = (
    "tell me when the left garage door is open for 10 minutes",
    "rule",
    "garage left door is open for 10 minutes",
)
BACK: Said = ("tell me when the back door opens", "rule", "When the back door opens")
FREEZER: Said = ("alert me if the freezer is above 10 degrees", "rule", "above 10 °F")
COUCH: Said = ("tell me when Otto is on the couch", "rule", "Otto is seen at the couch")
LOCK: Said = ("tell me at 10 pm if the front door is unlocked", "rule", "At 10 pm")
WHICH: Said = ("alert me when the garage opens", "clarify", "garage left, garage right or any")
NINE: Said = ("tell me if Daisy isn't fed by 9", "clarify", "morning or")
LEFT: Said = ("tell me if the back door is left open", "clarify", "How long")
COUNT: Said = ("tell me when the back door opens three times in an hour", "rule", "3 times within 1 hour")
YES: Said = ("yes", "manage", "All right")

STORIES: dict[str, Story] = {
    # --- yes and no
    "a yes saves": ([DAISY, YES], ["between midnight and noon"]),
    "a no saves nothing": ([DAISY, ("no", "manage", "nothing is changed")], []),
    "never mind saves nothing": ([DAISY, ("never mind", "manage", "nothing is changed"), ("yes", "chat", "nothing that waits")], []),
    "a yes to nothing": ([("yes", "chat", "nothing that waits")], []),
    "a no to nothing": ([("no", "chat", "All right")], []),
    "a yes saves once": ([DAISY, YES, ("yes", "chat", "nothing that waits")], ["Daisy"]),
    "thanks is no follow-up": ([DAISY, YES, ("thanks", "chat", "")], ["between midnight and noon"]),
    # --- times
    "a number is a time where there is one": ([DAISY, ("make it ten instead", "rule", "midnight and 10 am"), YES], ["10 am"]),
    "a time takes the place of the time": ([DAISY, ("no, 11:30", "rule", "11:30 am"), YES], ["11:30 am"]),
    "a time with pm": ([DAISY, ("change it to 1 pm", "rule", "midnight and 1 pm"), YES], ["1 pm"]),
    "an hour later": ([DAISY, ("an hour later", "rule", "midnight and 1 pm"), YES], ["1 pm"]),
    "the beginning of a window": ([DAISY, ("from six in the morning", "rule", "6 am and noon"), YES], ["6 am and noon"]),
    "both ends of a window": ([DAISY, ("between 8 and 11", "rule", "8 am and 11 am"), YES], ["8 am and 11 am"]),
    "an edit of an edit": ([DAISY, ("make it ten", "rule", "10 am"), ("half past ten", "rule", "10:30 am"), YES], ["10:30 am"]),
    "evening stays evening": ([LOCK, ("make it eleven", "rule", "At 11 pm"), YES], ["11 pm"]),
    "another part of the day": ([LOCK, ("no, in the morning", "rule", "At 10 am"), YES], ["10 am"]),
    "what about": ([LOCK, ("what about ten thirty?", "rule", "At 10:30 pm"), YES], ["10:30 pm"]),
    "a bit later asks when": ([LOCK, ("a bit later", "clarify", "what time"), ("eleven", "rule", "11 pm"), YES], ["11 pm"]),
    # --- days
    "only on weekdays": ([DAISY, ("only on weekdays", "rule", "on weekdays"), YES], ["on weekdays"]),
    "every day again": ([DAISY, ("only on weekdays", "rule", "on weekdays"), ("every day", "rule", "every day"), YES], ["every day"]),
    "except on Sundays": ([DAISY, ("except on Sundays", "rule", "Mondays, Tuesdays"), YES], ["and Saturdays"]),
    "and Sundays too": ([DAISY, ("only on weekdays", "rule", "on weekdays"), ("and on Sundays too", "rule", "Sundays"), YES], ["Fridays and Sundays"]),
    "days of what happens": ([BACK, ("only at weekends", "rule", "Saturday or Sunday"), YES], ["Saturday or Sunday"]),
    # --- lengths, limits, counts
    "another length": ([GARAGE, ("15 minutes", "rule", "for 15 minutes"), YES], ["for 15 minutes"]),
    "a number is a length where there is one": ([GARAGE, ("make it twenty", "rule", "for 20 minutes"), YES], ["20 minutes"]),
    "longer by so much": ([GARAGE, ("5 minutes longer", "rule", "for 15 minutes"), YES], ["15 minutes"]),
    "longer asks how long": ([GARAGE, ("make it longer", "clarify", "How long"), ("half an hour", "rule", "for 30 minutes"), YES], ["30 minutes"]),
    "what opens may stay so": ([BACK, ("15 minutes", "rule", "back door is open for 15 minutes"), YES], ["is open for 15 minutes"]),
    "how long somebody is there": ([COUCH, ("for 5 minutes", "rule", "at least 5 minutes"), YES], ["at least 5 minutes"]),
    "another limit": ([FREEZER, ("make it 15", "rule", "above 15 °F"), YES], ["above 15 °F"]),
    "a limit in the wrong unit": ([FREEZER, ("20 celsius", "cannot", "measures in F"), ("20 degrees", "rule", "above 20"), YES], ["above 20 °F"]),
    "how often": ([COUNT, ("twice", "rule", "2 times within 1 hour"), YES], ["2 times"]),
    "which number": ([COUNT, ("make it five", "clarify", "5 hours or 5 times"), ("times", "rule", "5 times within 1 hour"), YES], ["5 times"]),
    # --- who and what
    "the black one": ([DAISY, ("the black one", "rule", "Otto has not been seen eating"), YES], ["Otto"]),
    "not Daisy but Otto": ([DAISY, ("not Daisy but Otto", "rule", "Otto has not been seen eating"), YES], ["Otto"]),
    "the cat": ([COUCH, ("no, the cat", "rule", "Mimi is seen"), YES], ["Mimi"]),
    "another place": ([COUCH, ("the counter", "rule", "at the counter by the kitchen camera"), YES], ["counter"]),
    "the other door": ([BACK, ("no, the other door", "rule", "front door opens"), YES], ["front door"]),
    "the other garage door": ([GARAGE, ("the other one", "rule", "garage right door"), YES], ["garage right"]),
    "the right one": ([GARAGE, ("change it to the right one", "rule", "garage right door"), YES], ["garage right"]),
    "and one more beside it": ([COUCH, ("Mimi too", "rule", "Mimi is seen"), YES], ["Mimi", "Otto"]),
    "the same for dinner": ([DAISY, YES, ("same for dinner at 7.30", "rule", "noon and 7:30 pm"), YES], ["midnight and noon", "noon and 7:30 pm"]),
    "the same for Otto": ([DAISY, ("same for Otto", "rule", "Otto has not"), YES], ["Daisy", "Otto"]),
    "when it closes": ([BACK, ("no, I meant when it closes", "rule", "back door closes"), YES], ["back door closes"]),
    "below instead of above": ([FREEZER, ("if it is below 0", "rule", "below 0 °F"), YES], ["below 0 °F"]),
    # --- around the condition
    "and tell Bruno too": ([DAISY, ("and tell Bruno too", "rule", "tell Ann and Bruno"), YES], ["Ann and Bruno"]),
    "tell Bruno instead": ([DAISY, ("tell Bruno instead", "rule", "tell Bruno (high"), YES], ["tell Bruno (high"]),
    "don't tell me": ([DAISY, ("tell Bruno too", "rule", "Ann and Bruno"), ("don't tell me", "rule", "tell Bruno (high"), YES], ["tell Bruno"]),
    "call it feeding time": ([DAISY, YES, ("call it feeding time", "rule", "Daisy"), YES], ["Daisy"]),
    "make it critical": ([DAISY, ("make it critical", "rule", "critical: even in quiet hours"), YES], ["critical"]),
    "at most once an hour": ([BACK, ("make it at most once an hour", "rule", "At most once in 1 hour"), YES], ["At most once in 1 hour"]),
    "only when nobody is home": ([BACK, ("only when nobody is home", "rule", "only if nobody is home"), YES], ["nobody is home"]),
    "unless Bruno is home": ([GARAGE, ("unless Bruno is home", "rule", "only if Bruno is not home"), YES], ["Bruno is not home"]),
    "only at night": ([BACK, ("only at night", "rule", "between 10:30 pm and 6:30 am"), YES], ["10:30 pm"]),
    "after ten at night": ([BACK, ("only after ten at night", "rule", "between 10 pm and 6 am"), YES], ["10 pm and 6 am"]),
    "while it is dark": ([GARAGE, ("while it is dark", "rule", "sun is down"), YES], ["sun is down"]),
    "with a picture": ([BACK, ("with a picture", "rule", "with a picture"), YES], ["with a picture"]),
    "just once": ([BACK, ("just once", "rule", "Only once"), YES], ["Only once"]),
    "again and again": ([GARAGE, ("remind me every 5 minutes", "rule", "repeat it every 5 minutes"), YES], ["every 5 minutes"]),
    # --- one value in the place of another that is named
    "a time instead of the time": ([DAISY, ("at 11 instead of noon", "rule", "midnight and 11 am"), YES], ["11 am"]),
    "one time and not the other": ([DAISY, ("at ten and not at noon", "rule", "midnight and 10 am"), YES], ["10 am"]),
    "instead of noon": ([DAISY, ("instead of noon make it 11", "rule", "midnight and 11 am"), YES], ["11 am"]),
    "a time that the rule has not": ([DAISY, ("at 11 instead of 3 pm", "cannot", "There is no 3 pm in this rule")], []),
    "the end of a window by its time": (
        [DAISY, ("between 8 and 11", "rule", "8 am and 11 am"), ("9 instead of 8", "rule", "9 am and 11 am"), YES],
        ["9 am and 11 am"],
    ),
    "a length instead of the length": ([GARAGE, ("20 instead of 10 minutes", "rule", "for 20 minutes"), YES], ["20 minutes"]),
    "a limit rather than the limit": ([FREEZER, ("15 degrees rather than 10", "rule", "above 15 °F"), YES], ["above 15 °F"]),
    "one pet instead of the other": ([DAISY, ("Otto instead of Daisy", "rule", "Otto has not been"), YES], ["Otto"]),
    "only the one that was named": (
        [("tell me when Daisy or Otto is on the couch", "rule", "Daisy or Otto"), ("Mimi instead of Daisy", "rule", "Mimi or Otto"), YES],
        ["Mimi or Otto"],
    ),
    "one door replaced": ([BACK, ("replace the back door with the front door", "rule", "front door opens"), YES], ["front door"]),
    # --- when nothing is wanted
    "not on weekends": ([BACK, ("stop telling me on weekends", "rule", "only if it is a weekday"), YES], ["weekday"]),
    "no alerts on weekends": ([BACK, ("no alerts on weekends", "rule", "only if it is a weekday"), YES], ["weekday"]),
    "not at night is the day": ([BACK, ("not at night", "rule", "between 6:30 am and 10:30 pm"), YES], ["6:30 am and 10:30 pm"]),
    "not between two times": ([BACK, ("not between 7 and 9 in the morning", "rule", "between 9 am and 7 am"), YES], ["9 am and 7 am"]),
    "not while somebody is home": ([BACK, ("don't tell me when Bruno is home", "rule", "Bruno is not home"), YES], ["Bruno is not home"]),
    "not when it decides": ([LOCK, ("make it eleven", "rule", "11 pm"), ("not at night", "cannot", "decides at 11 pm"), YES], ["At 11 pm"]),
    "a saved rule spares the weekend": ([BACK, YES, ("stop telling me on weekends", "rule", "a weekday"), YES], ["weekday"]),
    "what is stopped by its name is stopped": ([BACK, YES, ("stop telling me when the back door opens", "manage", "pause back-door-open")], ["back"]),
    # --- who is told later
    "if I don't answer": ([DAISY, ("if I don't answer tell Bruno", "rule", "within 10 minutes, I'll tell Bruno"), YES], ["tell Bruno"]),
    "if nobody answers in a while": (
        [BACK, ("tell Bruno if nobody answers within 15 minutes", "rule", "within 15 minutes, I'll tell Bruno"), YES],
        ["within 15 minutes, I'll tell Bruno"],
    ),
    "not him after all": (
        [BACK, ("if I don't answer tell Bruno", "rule", "I'll tell Bruno"), ("don't tell Bruno", "rule", "opens, I'll tell Ann"), YES],
        ["opens, I'll tell Ann."],
    ),
    "whoever is told at once": ([BACK, ("if I don't answer tell me", "cannot", "Ann is told at once"), YES], ["back door"]),
    # --- what is no follow-up
    "a new request is a new request": ([DAISY, BACK, YES], ["back door opens"]),
    "a question is a question": ([DAISY, ("is the garage open?", "question", ""), YES], ["Daisy"]),
    "a number where there is none": ([BACK, ("make it ten", "cannot", "nothing in this rule that 10"), YES], ["back door opens"]),
    # --- rules that stand
    "a saved rule is changed": ([DAISY, YES, ("make it ten instead", "rule", "10 am"), YES], ["10 am"]),
    "a saved rule is so already": ([DAISY, YES, ("make it noon", "chat", "so already")], ["noon"]),
    "a rule is found by what it is about": ([DAISY, YES, BACK, YES, ("change the Daisy rule to 1 pm", "rule", "1 pm"), YES], ["back door", "1 pm"]),
    "it, of several that stand": (
        [DAISY, YES, LOCK, YES, ("hello", "chat", ""), ("make it 11", "rule", "11 pm"), YES],
        ["Daisy", "11 pm"],
    ),
    "stop telling me that": ([BACK, YES, ("stop telling me that", "manage", "I would pause"), ("yes", "manage", "")], ["paused"]),
    "stop telling me of one thing": (
        [DAISY, YES, BACK, YES, ("stop telling me about the back door", "manage", "pause back-door-open"), ("yes", "manage", "")],
        ["paused", "between midnight and noon, every day, I'll tell Ann"],
    ),
    "stop telling me what others are told too": (
        [DAISY, ("tell Bruno too", "rule", ""), YES, ("stop telling me that", "rule", "tell Bruno (high"), YES],
        ["tell Bruno (high"],
    ),
    "pause and resume": (
        [DAISY, YES, ("pause the Daisy rule", "manage", "I would pause"), ("yes", "manage", ""), ("resume it", "manage", "I would resume"), ("yes", "manage", "")],
        ["tell Ann (high priority). If I could not see well enough, I'll say so."],
    ),
    "delete a rule": ([FREEZER, YES, ("delete the freezer rule", "manage", "I would delete"), ("yes", "manage", "")], []),
    "a no deletes nothing": ([FREEZER, YES, ("delete the freezer rule", "manage", ""), ("no", "manage", "nothing is changed")], ["freezer"]),
    "which rule": (
        [DAISY, YES, ("same for Otto", "rule", ""), YES, ("pause the feeding rule", "clarify", "Which rule"), ("the Otto one", "manage", "pause otto-fed"), ("yes", "manage", "")],
        ["Daisy", "This rule is paused"],
    ),
    "which rule, by its number": (
        [DAISY, ("make it one o'clock", "rule", ""), YES, ("same for Otto", "rule", ""), YES, ("pause the feeding rule", "clarify", "Which rule"), ("1", "manage", "pause daisy-fed"), YES],
        ["This rule is paused", "Otto"],
    ),
    "both rules": (
        [DAISY, YES, ("same for Otto", "rule", ""), YES, ("delete the feeding rule", "clarify", "Which rule"), ("both", "manage", "I would delete daisy-fed"), YES],
        [],
    ),
    "no such rule": ([DAISY, YES, ("delete the cold room rule", "manage", "no rule about")], ["Daisy"]),
    "no rules at all": ([("delete the cold room rule", "manage", "no rules yet")], []),
    "what do you watch": ([DAISY, YES, ("what are you watching?", "manage", "1. daisy-fed:")], ["Daisy"]),
    "which rules are there": ([DAISY, YES, BACK, YES, ("which rules do I have about the back door?", "manage", "1. back-door-open")], ["back", "Daisy"]),
    # --- several at once
    "a time and days": ([DAISY, ("make it one o'clock, only on weekdays", "rule", "1 pm, on weekdays"), YES], ["1 pm, on weekdays"]),
    "a time and who is told": ([DAISY, ("make it ten and tell Bruno too", "rule", "10 am"), YES], ["tell Ann and Bruno"]),
    "two guards": ([BACK, ("only at night and only when nobody is home", "rule", "6:30 am and nobody is home"), YES], ["nobody is home"]),
    "which one and how long": ([GARAGE, ("the right one, and 15 minutes", "rule", "garage right door is open for 15 minutes"), YES], ["garage right"]),
    "that is wrong": ([GARAGE, ("that's wrong", "clarify", "What should be different"), ("the other one", "rule", "garage right"), YES], ["garage right"]),
    "an order is no follow-up": ([DAISY, ("turn on the porch light", "command", ""), YES], ["Daisy"]),
    # --- answers
    "the left one": ([WHICH, ("the left one", "rule", "garage left door opens"), YES], ["garage left"]),
    "by its number": ([WHICH, ("2", "rule", "garage right door opens"), YES], ["garage right"]),
    "either of them": ([WHICH, ("either of them", "rule", "left door or the garage right door"), YES], ["or"]),
    "never mind the question": ([WHICH, ("never mind", "manage", "nothing is changed"), ("yes", "chat", "")], []),
    "a request instead of an answer": ([WHICH, BACK, YES], ["back door opens"]),
    "morning or evening": ([NINE, ("in the morning", "rule", "midnight and 9 am"), YES], ["9 am"]),
    "a time as an answer": ([NINE, ("9 pm", "rule", "midnight and 9 pm"), YES], ["9 pm"]),
    "an answer and then a change": ([NINE, ("pm", "rule", "9 pm"), ("make it ten", "rule", "10 pm"), YES], ["10 pm"]),
    "15 minutes": ([LEFT, ("15 minutes", "rule", "open for 15 minutes"), YES], ["15 minutes"]),
    "fifteen": ([LEFT, ("15", "rule", "open for 15 minutes"), YES], ["15 minutes"]),
    "a misspelt name": ([("tell me if Dasiy isn't fed by noon", "clarify", "Did you mean Daisy"), ("yes", "rule", "Daisy has not"), YES], ["Daisy"]),
    "two questions": (
        [("remind me to water the plants", "clarify", "At what time"), ("at eight", "clarify", "morning or"), ("am", "rule", "At 8 am"), YES],
        ["At 8 am every day"],
    ),
    "an answer says more": ([("remind me to water the plants", "clarify", "At what time"), ("at 8 am every Monday", "rule", "on Mondays"), YES], ["on Mondays"]),
    # --- what was told
    "a bedtime is a time": (
        [("my bedtime is eleven", "manage", "Ann's bedtime is at 11 pm"), ("yes", "manage", ""), ("tell me at bedtime if the front door is unlocked", "rule", "At 11 pm"), YES],
        ["At 11 pm"],
    ),
    "another name is a name": (
        [("call the back door the garden door", "manage", "also called"), ("yes", "manage", ""), ("tell me when the garden door opens", "rule", "back door opens"), YES],
        ["back door"],
    ),
    # --- newcomers
    "somebody unknown is asked about": ([("tell me if Rex isn't fed by noon", "cannot", "Shall I add Rex"), ("a dog", "manage", "as a dog")], []),
    "somebody unknown who does nothing is asked about": ([("tell me when Rex is on the couch", "cannot", "Shall I add Rex"), ("a dog", "manage", "as a dog")], []),
    "a thing with a capital is nobody": ([("tell me when the Roomba is on the couch", "cannot", "Roomba"), ("a dog", "chat", "")], []),
    "a request instead of who somebody is": ([("tell me if Rex isn't fed by noon", "cannot", "Shall I add Rex"), ("tell me when the dog is on the couch at 9 pm", "clarify", "")], []),
    "a fact instead of who somebody is": ([("tell me if Rex isn't fed by noon", "cannot", "Shall I add Rex"), ("my bedtime is eleven", "manage", "bedtime is at 11 pm")], []),
    "a fact instead of an answer": ([WHICH, ("my bedtime is eleven", "manage", "bedtime is at 11 pm")], []),
    "nobody is added on a no": ([("tell me if Rex isn't fed by noon", "cannot", "Shall I add Rex"), ("no", "manage", "nobody is added")], []),
}  # fmt: skip


@pytest.mark.parametrize("name", STORIES)
def test_a_conversation_goes_on_across_restarts(name: str, birch: Home, tmp_path: Path) -> None:
    turns, expected = STORIES[name]
    url, now = f"sqlite:///{tmp_path / 'talk.db'}", instant(NOW)
    with Store(url) as store:
        store.import_home(birch)
    for said, kind, words in turns:
        now += MINUTE
        with Store(url) as store:
            talk = Talk(store, "birch", "person.ann", LocalModel())
            turn = talk.hear(said, now)
            assert (turn.outcome.outcome, words in turn.outcome.reply) == (kind, True), f"{said!r}: {turn.outcome}"
            talk.carry_out(turn, now)
    with Store(url) as store:
        rules = store.rules("birch")
        shown = [explain(rule, birch) for rule in rules]
    assert len(shown) == len(expected), shown
    assert all(words in text for words, text in zip(expected, shown, strict=True)), shown
    assert not [problem for rule in rules for problem in blocking(check(rule, birch))]

"""Answers to "why didn't you tell me?": the rules that could have, and what each decided on the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from proactive.answer.answer import Answer
from proactive.answer.inquiry import Inquiry, answered
from proactive.answer.overlap import about
from proactive.notification import Notification
from rules.calendar import local
from rules.rule import Rule
from rules.why import Why, explain_why, why
from rules.words.names import all_of, called

MOST = 3  # rules that are told of


def because(inquiry: Inquiry) -> Answer:
    """Answer why somebody was told, or was not: nobody is told what no rule watches for."""
    rules = [rule for rule in inquiry.rules if _is_meant(rule, inquiry)]
    if not rules:
        return answered("known", _no_rule(inquiry))
    day = date.fromordinal(local(inquiry.tell.zone, inquiry.since)[0])
    found = [(rule, why(rule, inquiry.home, day, inquiry.archive.everything())) for rule in rules[:MOST]]
    parts = [_part(rule, told, inquiry) for rule, told in found]
    evidence = inquiry.allowed(record for _, told in found for record in told.records.values())
    answer = answered("known", "\n".join(parts), evidence)
    notices = [notice.id for rule, told in found for notice in _sent(rule, told, inquiry)]
    return replace(answer, rules=tuple(rule.id for rule, _ in found), notices=tuple(notices))


def _is_meant(rule: Rule, inquiry: Inquiry) -> bool:
    if inquiry.query.rule:
        return rule.id == inquiry.query.rule
    return about(inquiry.query, rule, rule.notify.message or "" if rule.notify else "")


def _no_rule(inquiry: Inquiry) -> str:
    matter = f"about {inquiry.query.about}" if inquiry.query.about else "that you name"
    number = len(inquiry.rules)
    have = (
        "there is no rule yet"
        if not number
        else f"none of the {number} rules here is {matter}"
        if number > 1
        else f"the one rule here is not {matter}"
    )
    offer = f'Say for example "tell me when ...{_hint(inquiry)}", and I will watch for it.'
    return f"I was not watching for that: {have}. {offer}"


def _hint(inquiry: Inquiry) -> str:
    sources = inquiry.query.sources or ()
    return f" {called(sources[0], inquiry.home)} ..." if sources else ""


def _part(rule: Rule, told: Why, inquiry: Inquiry) -> str:
    text = f"Rule {rule.id}, on {explain_why(told, rule, inquiry.home)}"
    return f"{text}\n- {_delivery(rule, told, inquiry)}" if told.outcome in ("fired", "unknown") else text


def _delivery(rule: Rule, told: Why, inquiry: Inquiry) -> str:
    """Return what became of what the rule said."""
    to = rule.notify.to if rule.notify else ()
    if inquiry.asker is not None and inquiry.asker not in to:
        return f"It tells {all_of(to, inquiry.home)}, and not you." if to else "It tells nobody."
    if inquiry.notices is None:
        return "What was sent is kept in the data folder, and not in a file of records."
    own = _sent(rule, told, inquiry)
    if not own:
        return "No notification of it was kept."
    last = own[-1]
    if last.sent_at is not None:
        return f"I told you {inquiry.tell.at(last.sent_at)}."
    return f"It was not sent: {last.reason or last.state}."


def _sent(rule: Rule, told: Why, inquiry: Inquiry) -> list[Notification]:
    """Return the asker's notifications of what the rule decided on the day."""
    firings = {firing.id for firing in told.firings}
    notices = inquiry.notices or ()
    return [
        n
        for n in notices
        if n.rule == rule.id
        and n.firing in firings
        and n.person in (inquiry.asker, n.person if inquiry.asker is None else None)
    ]

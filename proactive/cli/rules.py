"""`proactive rules`: what stands, what it means, and changes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from proactive import clock
from proactive.cli.backtest import backtest
from proactive.cli.desk import chosen_home, enforced, opened, settings, write_json
from proactive.cli.edit import edit
from proactive.cli.why import why
from rules.rule import Rule
from rules.units import moment

if TYPE_CHECKING:
    from proactive.language.outcome import Deed
    from proactive.store import Store, Version
    from rules.home import Home

_home = click.option("--home", help="The home's id; not needed where there is one home only.")
_json = click.option("--json", "as_json", is_flag=True, help="JSON, one object a line.")
_who = click.option("--as", "who", help="Who does this, as person.greg.")


@click.group()
def rules() -> None:
    """List, explain, question, try, edit, pause, resume and drop rules."""


rules.add_command(why)
rules.add_command(backtest)
rules.add_command(edit)


@rules.command("list")
@click.option("--home", help="One home's rules only.")
@_json
def list_(home: str | None, as_json: bool) -> None:
    """List the rules that stand, paused ones too."""
    with opened() as store:
        found = store.rules(chosen_home(store, home) if home else None)
        homes = {id: store.export_home(id) for id in {rule.home for rule in found}}
    if as_json:
        for rule in found:
            write_json(_shown(rule))
    elif not found:
        click.echo('No rules yet. Make one with: proactive say "let me know if Daisy isn\'t fed by noon"', err=True)
    else:
        for rule in found:
            click.echo(_line(rule, homes[rule.home], with_home=len(homes) > 1))


@rules.command()
@click.argument("rule")
@_home
@click.option("--versions", is_flag=True, help="Every version there was, the first first.")
def show(rule: str, home: str | None, versions: bool) -> None:
    """Show RULE as JSON."""
    with opened() as store:
        own = chosen_home(store, home)
        if not versions:
            write_json(_shown(store.rule(own, rule)))
            return
        found = store.versions(own, rule) or [_raise_unknown(store, own, rule)]
        for version in found:
            write_json(_version(version))


@rules.command()
@click.argument("rule")
@_home
def explain(rule: str, home: str | None) -> None:
    """Say in plain English what RULE does, and what is wrong with it."""
    from rules.check import check, is_advice
    from rules.explain import explain as explained

    with opened() as store:
        own = store.export_home(chosen_home(store, home))
        found = store.rule(own.home, rule)
    click.echo(explained(found, own))
    for problem in check(found, own):
        click.echo(f"{'Advice' if is_advice(problem) else 'Problem'}: {problem}")


@rules.command()
@click.argument("rule")
@_home
@_who
def pause(rule: str, home: str | None, who: str | None) -> None:
    """Pause RULE: it decides nothing until it is resumed, and forgets what was pending."""
    _change("pause", rule, home, who)


@rules.command()
@click.argument("rule")
@_home
@_who
def resume(rule: str, home: str | None, who: str | None) -> None:
    """Resume RULE, from now on."""
    _change("resume", rule, home, who)


@rules.command()
@click.argument("rule")
@_home
@_who
def drop(rule: str, home: str | None, who: str | None) -> None:
    """Drop RULE; its versions and what it fired are kept."""
    _change("drop", rule, home, who)


@rules.command()
@click.argument("rule")
@click.option("--for", "span", default="8h", show_default=True, help="For how long, such as 30m, 8h or 2d; 0s ends it.")
@_home
@_who
def snooze(rule: str, span: str, home: str | None, who: str | None) -> None:
    """Be quiet about RULE for a while, for one person or, without --as, for all; it goes on watching."""
    from rules.units import microseconds

    now = clock.now()
    try:
        until = now + microseconds(span)
    except ValueError as error:
        raise click.BadParameter(f"expected a time such as 8h, found {span!r}.", param_hint="--for") from error
    with opened() as store:
        found = store.rule(chosen_home(store, home), rule)
        store.snooze(found.home, found.id, until=until, person=who or "", at=now)
    click.echo(
        f"Nobody hears of {found.id} for {span}." if who is None else f"{who} hears nothing of {found.id} for {span}."
    )


def _change(deed: Deed, rule: str, home: str | None, who: str | None) -> None:
    from proactive.keeping import Keeper
    from proactive.language.outcome import Change

    own = settings()
    with opened(own) as store:
        keeper = Keeper(store, chosen_home(store, home), who, clock.now())
        for line in keeper.carry_out(Change(deed, (rule,), sure=True)).lines:
            click.echo(line)
        enforced(own, store)


def _raise_unknown(store: Store, home: str, rule: str) -> Version:
    """Raise the store's InputError for a rule that never was."""
    store.rule(home, rule)
    raise AssertionError(f"{rule} stands without a version")


def _line(rule: Rule, home: Home, *, with_home: bool) -> str:
    paused = "" if rule.enabled else " (paused)"
    place = f"{rule.home}/" if with_home else ""
    return f"{place}{rule.id}{paused}: {_gist(rule, home)}"


def _gist(rule: Rule, home: Home) -> str:
    from rules.explain import explain as explained

    return explained(rule, home)


def _shown(rule: Rule) -> dict[str, Any]:
    return rule.as_json() | {"version": rule.version}


def _version(version: Version) -> dict[str, Any]:
    at = moment(version.at).isoformat().replace("+00:00", "Z")
    return {
        "version": version.rule.version,
        "at": at,
        "who": version.who,
        "said": version.said,
        "rule": _shown(version.rule),
    }

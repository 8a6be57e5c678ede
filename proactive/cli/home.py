"""`proactive home`: homes into the store, out of it, and gone."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from proactive.cli.desk import chosen_home, counted, opened, settings, warn, write_json
from proactive.cli.discover import discover
from proactive.cli.history import history
from proactive.cli.prefer import prefer
from proactive.cli.teach import teach
from proactive.cli.teach_state import teach_state
from proactive.cli.told import facts, forget
from proactive.local import look_now
from rules.home import Home
from rules.rule import Rule


@click.group()
def home() -> None:
    """Import, export, teach and erase homes; what people told of them; and their history from elsewhere."""


@home.command("import")
@click.argument("files", nargs=-1, required=True, type=Path, metavar="FILE...")
def import_(files: tuple[Path, ...]) -> None:
    """Fill the store from home files: YAML, or JSON lines with one home each.

    A home that is there already gets the file's listing; its rules, and what people told, stay. Everything is kept,
    or nothing.
    """
    from proactive.erasing import finish
    from proactive.home_file import load_homes
    from proactive.lock import InUse
    from proactive.open_address import with_known_secrets

    homes, own = load_homes(files, warn), settings()
    with suppress(InUse):  # a home that comes back under its id has nothing of the one that was erased
        finish(own)
    with opened(own) as store:
        known = set(store.home_ids())
        before = {each.home: each for each in store.export_homes([each.home for each in homes])}
        homes = [with_known_secrets(each, before.get(each.home, each)) for each in homes]
        store.import_homes(homes)
        look_now(own.data)
        _warn_of_broken_rules(store.rules() if len(homes) < 100 else [], homes)
    if len(homes) > 10:
        click.echo(f"Imported {counted(len(homes), 'home')}, {len(known & {h.home for h in homes}):,} of them again.")
        return
    for each in homes:
        click.echo(f"{'Updated' if each.home in known else 'Imported'} {each.home}: {_summary(each)}.")


@home.command()
@click.argument("home", required=False)
@click.option("--jsonl", is_flag=True, help="One home a line as JSON, instead of YAML.")
@click.option("--secrets", is_flag=True, help="With the passwords in the addresses of cameras and calendars.")
def export(home: str | None, jsonl: bool, secrets: bool) -> None:
    """Write HOME, or every home, as a home file that imports as an equal home.

    Passwords are left out of addresses, and the store keeps them when such a file is imported into it again; another
    installation needs --secrets.
    """
    from proactive.home_file import dump_home, home_json
    from proactive.open_address import without_secrets

    with opened() as store:
        one = home is not None or len(store.home_ids()) < 2
        homes = [store.export_home(chosen_home(store, home))] if one else store.export_homes()
        for position, full in enumerate(homes):
            each, without = (full, []) if secrets else without_secrets(full)
            if without:
                click.echo(f"Without the passwords of {', '.join(without)}; --secrets writes them.", err=True)
            if jsonl:
                write_json(home_json(each))
            else:
                click.echo(("---\n" if position else "") + dump_home(each), nl=False)


home.add_command(discover)
home.add_command(history)
home.add_command(prefer)
home.add_command(facts)
home.add_command(forget)
home.add_command(teach)
home.add_command(teach_state)


@home.command()
@click.argument("home")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(home: str, yes: bool) -> None:
    """Delete HOME for good: listing, rules, records, firings, notifications, accounts, what people told, pictures, imported history.

    With the last home go the log and the keys; where `proactive serve` runs, when it stops. What was cut short is finished by the
    same command again, or by the next `serve`.
    """
    from proactive.erasing import BEYOND, begun, erase_home, finish
    from proactive.lock import InUse

    own = settings()
    with opened(own) as store:
        if home in store.home_ids() or home not in begun(own):
            found = store.export_home(home)
            rules = counted(len(store.rules(home)), "rule")
            if not yes:
                question = f"Erase {home} ({_summary(found)}, {rules}) for good?"
                click.confirm(question, abort=True, err=True)
            erase_home(own, store, home)
    try:
        finish(own)
    except InUse:
        click.echo("`proactive serve` runs: it deletes its log and keys when it stops.", err=True)
    click.echo(f"Erased {home}.")
    if own.kafka is not None:
        click.echo(BEYOND, err=True)


def _summary(home: Home) -> str:
    lists = {
        "person": (home.people, "people"),
        "pet": (home.pets, "pets"),
        "camera": (home.cameras, "cameras"),
        "device": (home.devices, "devices"),
        "calendar": (home.calendars, "calendars"),
    }
    return ", ".join(counted(len(entries), one, many) for one, (entries, many) in lists.items() if entries) or "empty"


def _warn_of_broken_rules(rules: list[Rule], homes: list[Home]) -> None:
    """Say which rules name what their home lists no more."""
    from rules.check import blocking, check

    by_id = {home.home: home for home in homes}
    for rule in (rule for rule in rules if rule.home in by_id):
        for problem in blocking(check(rule, by_id[rule.home])):
            click.echo(f"Warning: rule {rule.id} of {rule.home}: {problem}", err=True)

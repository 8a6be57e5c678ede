"""`proactive tokens`: what programs show to use the API."""

from __future__ import annotations

import click

from proactive import clock
from proactive.cli.desk import opened, write_json
from proactive.token import SCOPES, Token
from rules.units import rfc3339


@click.group()
def tokens() -> None:
    """Make, list and revoke tokens for programs that use the API of `proactive serve`."""


@tokens.command()
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, required=True, help=f"What it may do: {', '.join(SCOPES)}. May be repeated."
)
@click.option("--home", help="The only home that it is for; without it, every home.")
def create(name: str, scopes: tuple[str, ...], home: str | None) -> None:
    """Make a token called NAME and show it: this once, since only a hash of it is kept."""
    from proactive.token import mint

    token, shown = mint(name, scopes, now=clock.now(), home=home)
    with opened() as store:
        store.add_token(token)
    click.echo(shown)
    click.echo("It is not shown again. A program sends it as: Authorization: Bearer TOKEN", err=True)


@tokens.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON, a token a line.")
def list_(as_json: bool) -> None:
    """List the tokens; what they are is known to their programs only."""
    with opened() as store:
        found = store.tokens()
    for token in found:
        if as_json:
            write_json(_shown(token))
        else:
            place = f", home {token.home}" if token.home else ""
            click.echo(f"{token.name}: {', '.join(token.scopes)}{place}, made {rfc3339(token.created_at)}")
    if not found and not as_json:
        click.echo("No tokens yet. Make one with: proactive tokens create NAME --scope records:write", err=True)


@tokens.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Revoke the token NAME: it lets nobody in from now on."""
    with opened() as store:
        token = store.revoke_token(name)
    click.echo(f"Revoked {token.name}.")


def _shown(token: Token) -> dict[str, object]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": token.scopes,
        "home": token.home,
        "created_at": rfc3339(token.created_at),
    }

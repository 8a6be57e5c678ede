"""`proactive tls`: make what lets phones in the network use the pages safely."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from proactive.cli.desk import settings, write_json

if TYPE_CHECKING:
    from proactive.settings import Settings
    from proactive.tls.secured import Shown


@click.command()
@click.option("--json", "as_json", is_flag=True, help="JSON, in one line.")
def tls(as_json: bool) -> None:
    """Make an authority for this machine, once, and a certificate for its names; say what people do to trust it.

    From then on `proactive serve` encrypts, renews the certificate by itself, and may listen in the network
    (PROACTIVE_HOST=0.0.0.0). PROACTIVE_NAMES is what else this machine is called, such as home.example.org. Who has a certificate
    already sets PROACTIVE_TLS_CERTIFICATE and PROACTIVE_TLS_KEY instead.
    """
    from proactive.tls.authority import Authority, fingerprint
    from proactive.tls.secured import Secured, shown

    own = settings()
    if own.tls_certificate is None:
        _make(own)
    Secured(own, datetime.now(UTC))
    found = shown(own)
    root = "" if found.own else fingerprint(Authority(own.data).root().certificate)
    if as_json:
        write_json(
            {"certificate": str(found.path), "names": found.names, "until": found.until.isoformat(), "root": root}
        )
    else:
        _say(own, found, root)


def _make(own: Settings) -> None:
    from proactive.tls.authority import Authority
    from proactive.tls.names import names_asked, names_found

    found = names_found()
    # What it vouches for it vouches for with all below it: by the bare name of a machine called `dev` that is every site of .dev.
    homely = (name for name in found if "." in name or ":" in name)
    Authority(own.data).make((*names_asked(own.names, own.host), *homely), found[-1], datetime.now(UTC))


def _say(own: Settings, found: Shown, root: str) -> None:
    click.echo(f"Good for {', '.join(found.names)}, until {found.until:%Y-%m-%d}.")
    if root:
        click.echo(
            f"`proactive serve` renews it in time. The root that phones trust has the SHA-256 fingerprint {root}"
        )
    if own.host in ("127.0.0.1", "localhost", "::1"):
        click.echo("To let phones in, set PROACTIVE_HOST=0.0.0.0 and start `proactive serve` again.")
    name = next((each for each in found.names if each.endswith(".local")), found.names[0])
    click.echo(f"On each phone, once: https://{name}:{own.port}/trust says what to do, and what works.")

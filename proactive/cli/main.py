"""The command `proactive`: a table of commands, each imported only when it runs, and the exit statuses.

`proactive --help` names every command and imports none of them: the table has their one-line helps, so that help
and completion answer at once, and a command that needs a camera library does not slow down one that needs none.

Exit status: 0 done; 1 something failed, named on stderr; 2 the input is wrong, with file, line, what was expected
and what was found; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple

import click
from typing_extensions import override


class Entry(NamedTuple):
    """Where a command lives, as `module:attribute`, and what it does in one line."""

    target: str
    help: str


COMMANDS: dict[str, Entry] = {
    "demo": Entry("proactive.cli.demo:demo", "The Daisy story end to end, on a real clip."),
    "serve": Entry("proactive.cli.serve:serve", "Watch over a home: events, rules and notifications in one process."),
    "say": Entry("proactive.cli.say:say", "Make a rule from words, or change one."),
    "ask": Entry("proactive.cli.ask:ask", "Answer a question about now or the past."),
    "rules": Entry("proactive.cli.rules:rules", "List, explain, question, try, edit, pause, resume and drop rules."),
    "home": Entry(
        "proactive.cli.home:home", "Import, export and erase homes; what people told of them, and imported history."
    ),
    "confirm": Entry("proactive.cli.confirm:confirm", "Say yes, or no, to what waits for a person."),
    "tokens": Entry("proactive.cli.tokens:tokens", "Make, list and revoke tokens for programs that use the API."),
    "tls": Entry("proactive.cli.tls:tls", "Make what lets phones in the network use the pages safely."),
    "compile": Entry("proactive.cli.compile:compile_", "Turn requests in words into rules: JSON lines to JSON lines."),
    "replay": Entry("proactive.cli.replay:replay", "Run rules over a log of records, and write what they fire."),
    "worker": Entry(
        "proactive.cli.worker:worker", "Decide for homes whose records are on Kafka, sharing them with others."
    ),
    "edge": Entry("proactive.cli.edge:edge", "Put what cameras and devices tell on Kafka, from a machine near them."),
    "topics": Entry("proactive.cli.topics:topics", "Make Kafka's topics, and say how they stand."),
    "see": Entry("proactive.cli.see:see", "Turn a video or a camera's stream into records."),
    "detectors": Entry("proactive.cli.detectors:detectors", "List the detectors that are installed."),
    "usage": Entry("proactive.cli.usage:usage", "Show what language models used, and what it cost."),
    "doctor": Entry("proactive.cli.doctor:doctor", "Say what works here, what does not, and what to do about it."),
}

# Packages whose exceptions are ours: each says what failed, so a person needs no stack trace. Anything else is a fault.
OURS = frozenset({"rules", "vision", "streams", "proactive"})


class Commands(click.Group):
    """A group whose commands are imported when they are run."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order of the table."""
        return list(COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].target.partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command), f"{COMMANDS[cmd_name].target} is not a command"
        return command

    @override
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is named, or say which name is near."""
        from rules.problem import nearest

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"There is no command {args[0]!r}. {nearest(args[0], COMMANDS) or 'See proactive --help.'}")
        return super().resolve_command(ctx, args)

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the names and the helps from the table, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from proactive.version import version

        click.echo(f"proactive {version()}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
def cli() -> None:
    """Standing rules, in your words, over what cameras and devices see."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status. What failed is on stderr; a stack trace only for a fault of ours."""
    if not _has_output():
        return 1
    try:
        result = cli.main(arguments, prog_name="proactive", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return 130
    except BrokenPipeError:
        return _quiet_pipe()
    except Exception as error:  # noqa: BLE001 - the last border: ours are told, all others raised again
        return _report(error)


def _has_output() -> bool:
    """Say so when there is nowhere to write results to; give what is closed of the rest a place that is empty.

    Otherwise the next file that is opened, such as a database, would get the number of a closed one, and all that is
    written to it.
    """
    for stream, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        if (sys.stdin, sys.stdout, sys.stderr)[stream] is None:
            os.dup2(os.open(os.devnull, mode), stream)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  it is the process's own
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  so is this
    if sys.stdout is None:
        click.echo("Error: the standard output is closed. Send it to a file, or to /dev/null.", err=True)
    return sys.stdout is not None


def _report(error: Exception) -> int:
    """Say what failed and return the status; raise again what is a fault of this program."""
    from rules.problem import InputError

    if isinstance(error, InputError):
        for problem in error.problems:
            click.echo(f"Error: {problem}", err=True)
        return 2
    if type(error).__module__.partition(".")[0] in OURS or isinstance(error, OSError):
        click.echo(f"Error: {error}", err=True)
        _empty_output()
        return 1
    raise error


def _empty_output() -> None:
    """Write what waits for stdout, or let go of it where there is no place for it: Python would complain once more at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        _quiet_pipe()


def _quiet_pipe() -> int:
    """End quietly when whoever reads the output has gone, as `head` does."""
    # Python flushes stdout once more at exit; without this it would complain then.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


if __name__ == "__main__":
    sys.exit(main())

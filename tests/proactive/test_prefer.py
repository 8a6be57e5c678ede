"""Preferences and snoozes from the command line, and tokens: what is set counts, what is wrong is said."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from proactive.local import NAME, look_now, make_local_token
from proactive.store import Store
from proactive.token import split_token
from tests.proactive.test_cli import Run, filled, run

__all__ = ["filled", "run"]  # fixtures


def opened(folder: Path) -> Store:
    return Store(f"sqlite:///{folder / 'data' / 'proactive.db'}")


def test_a_preference_is_set_listed_and_cleared(filled: Run, tmp_path: Path) -> None:
    said = filled("home", "prefer", "quiet_hours", "22:00-07:00", "--as", "person.greg")
    assert said.out == "For person.greg: quiet_hours is 22:00-07:00.\n"
    filled("home", "prefer", "cooldown", "10m")
    assert filled("home", "prefer").out == "everybody: cooldown is 10m\nperson.greg: quiet_hours is 22:00-07:00\n"
    assert filled("home", "prefer", "cooldown", "--clear").status == 0
    with opened(tmp_path) as store:
        assert store.preferences("maple") == {("person.greg", "quiet_hours"): "22:00-07:00"}


def test_the_address_of_a_channel_is_never_shown(filled: Run) -> None:
    said = filled("home", "prefer", "channel.phone.greg", "ntfy://secret-topic", "--as", "person.greg")
    assert "secret-topic" not in said.out + filled("home", "prefer").out + filled("home", "prefer", "--json").out


def test_what_cannot_be_preferred_is_said(filled: Run) -> None:
    for given, says in (
        (("quiet_hours", "late"), "expected quiet hours such as"),
        (("colour", "blue"), "is not a preference"),
        (("quiet_hours",), "expected a value, or --clear"),
        (("quiet_hours", "none", "--as", "person.gerg"), "Did you mean 'person.greg'?"),
    ):
        answer = filled("home", "prefer", *given)
        assert answer.status == 2 and says in answer.err, answer


def test_a_rule_is_snoozed_for_a_while(filled: Run, tmp_path: Path) -> None:
    said = filled("rules", "snooze", "daisy-fed", "--for", "2h", "--as", "person.greg")
    assert said.out == "person.greg hears nothing of daisy-fed for 2h.\n"
    with opened(tmp_path) as store:
        assert set(store.snoozes("maple", 0)) == {("daisy-fed", "person.greg")}
    assert filled("rules", "snooze", "daisy-fed", "--for", "soon").status == 2


def test_a_token_is_shown_once_listed_without_its_secret_and_revoked(filled: Run, tmp_path: Path) -> None:
    shown = filled("tokens", "create", "porch", "--scope", "records:write", "--home", "maple").out.strip()
    assert split_token(shown) is not None
    (row,) = filled("tokens", "list", "--json").rows
    assert (row["name"], row["scopes"], row["home"]) == ("porch", ["records:write"], "maple")
    assert shown.rpartition("_")[2] not in json.dumps(row) + (tmp_path / "data" / "proactive.db").read_bytes().decode(
        "latin-1"
    )
    assert filled("tokens", "create", "porch", "--scope", "read").status == 2
    assert "Did you mean 'read'?" in filled("tokens", "create", "other", "--scope", "raed").err
    assert filled("tokens", "revoke", "porch").out == "Revoked porch.\n"
    assert filled("tokens", "list", "--json").rows == []


def test_the_local_token_is_for_its_owner_alone_and_nothing_is_asked_where_nothing_runs(tmp_path: Path) -> None:
    first, second = make_local_token(tmp_path), make_local_token(tmp_path)
    assert first != second == (tmp_path / NAME).read_text()
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    assert not look_now(tmp_path)

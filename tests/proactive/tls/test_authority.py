"""Laws of the authority: what it signs, for which names, how long, and who may read its keys."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from proactive.settings import Settings, load
from proactive.tls.authority import RENEWED, ROOT, SERVER_LASTS, Authority, TlsError, fingerprint, may_vouch, names_in
from proactive.tls.health import reach
from proactive.tls.names import checked_name, names_asked, names_found
from proactive.tls.secured import Secured, shown
from rules.problem import InputError

NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)
NAMES = ("127.0.0.1", "localhost", "nas.local", "192.168.1.5")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    made = Authority(tmp_path)
    made.make(NAMES, "nas", NOW)
    return made


def test_only_its_owner_may_read_the_keys_and_look_into_their_folder(authority: Authority) -> None:
    authority.issue(NAMES, (), NOW)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in authority.folder.iterdir()}
    assert modes == {"root.pem": 0o600, "server.pem": 0o600}
    assert stat.S_IMODE(authority.folder.stat().st_mode) == 0o700


def test_the_root_is_made_once(authority: Authority) -> None:
    before = fingerprint(authority.root().certificate)
    authority.make(("other.lan",), "other", NOW)
    assert fingerprint(authority.root().certificate) == before


@pytest.mark.parametrize(
    ("name", "vouched"),
    [
        ("nas.local", True),
        ("box.home.arpa", True),
        ("192.168.1.77", True),
        ("fd00::1", True),
        ("bank.example", False),
        ("evillocal", False),
        ("8.8.8.8", False),
        ("2606:4700::1", False),
    ],
)
def test_the_root_vouches_for_home_networks_only(authority: Authority, name: str, vouched: bool) -> None:
    assert may_vouch(authority.root().certificate, name) == vouched


def test_a_name_from_outside_is_vouched_for_where_the_root_was_made_for_it(tmp_path: Path) -> None:
    made = Authority(tmp_path)
    made.make(("home.example.org", "203.0.113.7"), "nas", NOW)
    root = made.root().certificate
    assert may_vouch(root, "home.example.org") and may_vouch(root, "203.0.113.7")
    assert not may_vouch(root, "example.org") and not may_vouch(root, "203.0.113.8")


def test_it_is_signed_anew_when_it_ends_soon_or_a_name_was_added_and_else_stays(authority: Authority) -> None:
    assert authority.issue(NAMES, (), NOW)
    assert not authority.issue(NAMES, (), NOW + SERVER_LASTS - RENEWED - timedelta(seconds=1))
    assert authority.issue(NAMES, (), NOW + SERVER_LASTS - RENEWED)
    assert authority.issue(NAMES, ("nas.lan",), NOW + SERVER_LASTS - RENEWED)


def test_a_name_it_may_not_vouch_for_is_refused_where_it_was_asked_for_and_else_left_out(authority: Authority) -> None:
    with pytest.raises(TlsError, match=r"may not vouch for bank.example. Delete .*tls"):
        authority.issue(("bank.example",), (), NOW)
    authority.issue(NAMES, ("8.8.8.8",), NOW)
    assert "8.8.8.8" not in shown(Settings(data=authority.folder.parent)).names


def test_what_another_root_signed_is_signed_anew(authority: Authority) -> None:
    authority.issue(NAMES, (), NOW)
    (authority.folder / ROOT).unlink()
    authority.make(NAMES, "nas", NOW)
    assert authority.issue(NAMES, (), NOW)


@pytest.mark.parametrize("text", ["a b", "-x.lan", "x..lan", "*.lan", "http://x", "", "é.lan", "x" * 64])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="expected a name such as"):
        checked_name(text)


def test_names_are_those_given_those_listened_at_and_those_found() -> None:
    assert names_asked(["Home.LAN.", "[fd00::1]"], "0.0.0.0") == ["home.lan", "fd00::1"]
    assert names_asked([], "192.168.1.5") == ["192.168.1.5"]
    assert {"localhost", "127.0.0.1", "::1"} <= set(names_found())
    assert load({"PROACTIVE_NAMES": "a.lan, b.lan,,"}).names == ("a.lan", "b.lan")


def test_a_context_takes_the_newer_certificate_while_it_is_used(authority: Authority) -> None:
    secured = Secured(Settings(data=authority.folder.parent), NOW)
    assert not secured.renew(NOW) and secured.renew(NOW + SERVER_LASTS)


def test_a_key_that_does_not_belong_to_its_certificate_is_said_with_what_to_do(
    authority: Authority, tmp_path: Path
) -> None:
    authority.issue(NAMES, (), NOW)
    settings = Settings(data=tmp_path, tls_certificate=authority.server, tls_key=authority.folder / ROOT)
    with pytest.raises(TlsError, match=r"do not go together.*PROACTIVE_TLS_KEY"):
        Secured(settings, NOW)
    with pytest.raises(TlsError, match="cannot be read"):
        Secured(Settings(data=tmp_path, tls_certificate=tmp_path / "none.pem"), NOW)


def test_the_doctor_says_why_push_or_the_microphone_is_off(authority: Authority, tmp_path: Path) -> None:
    bare, own = Settings(data=tmp_path / "bare"), Settings(data=tmp_path)
    lan, after = Settings(data=tmp_path, host="0.0.0.0"), NOW + SERVER_LASTS
    Secured(own, NOW)
    found = [
        reach(bare, NOW),
        reach(Settings(data=tmp_path / "bare", host="0.0.0.0"), NOW),
        reach(Settings(data=tmp_path / "bare", host="0.0.0.0", published=True), NOW),
        reach(own, NOW),
        reach(lan, NOW),
        reach(lan, after),
        reach(Settings(data=tmp_path, tls_certificate=tmp_path / "none.pem"), NOW),
    ]
    assert [each.state for each in found] == ["ok", "broken", "ok", "advice", "ok", "broken", "broken"]
    assert "off elsewhere" in found[0].found and "proactive tls" in found[0].advice
    assert "the pages are off" in found[1].found and "PROACTIVE_HOST" in found[3].advice
    assert "/trust" in found[4].advice and "ended on" in found[5].found and "cannot be read" in found[6].found


def test_what_it_shows_is_for_its_names(authority: Authority) -> None:
    authority.issue(NAMES, (), NOW)
    assert names_in(authority.root().certificate) == frozenset()
    assert set(NAMES) == set(shown(Settings(data=authority.folder.parent)).names)

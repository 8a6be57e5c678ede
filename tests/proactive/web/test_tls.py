"""Laws of TLS: only who trusts the root is answered, cookies are for encrypted pages only, commands of this machine come through."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
import pytest

from proactive.access import entry
from proactive.cli.main import main
from proactive.local import NAME, ask
from proactive.lock import DataLock
from proactive.settings import Settings
from proactive.tls.authority import Authority, may_vouch, public
from proactive.tls.secured import Secured, files_of
from proactive.web.app import make_app
from proactive.web.server import address_of, listen, require_safe, served
from rules.home import Home
from tests.proactive.web.conftest import LOCAL, Running
from tests.proactive.web.people import SECRET
from tests.proactive.web.test_browser import CHROMIUM, QUIET, SECOND, SIZES, check, sync_api

NOW = datetime.now(UTC)
CHECKS = ("secure", "trusted", "push", "microphone")


@pytest.fixture
def secured(settings: Settings) -> Secured:
    Authority(settings.data).make(("localhost",), "nas", NOW)
    return Secured(settings, NOW)


@pytest.fixture
def address(running: Running, secured: Secured) -> Iterator[str]:
    """Return the address of the application by TLS."""
    listening = listen("127.0.0.1", 0)
    with served(make_app(running.site), listening, secured):
        yield address_of(listening, secured=True)


@pytest.fixture
def root(settings: Settings, secured: Secured, tmp_path: Path) -> Path:
    """Return the root as a phone gets it, as PEM."""
    path = tmp_path / "root.crt"
    path.write_text(ssl.DER_cert_to_PEM_cert(public(Authority(settings.data).root().certificate)))
    return path


def client(address: str, root: Path) -> httpx.Client:
    context = ssl.create_default_context(cafile=str(root))
    headers = {"Accept": "text/html", "Origin": address}
    return httpx.Client(base_url=address, verify=context, trust_env=False, timeout=20, headers=headers)


def test_whoever_trusts_the_root_is_answered_and_nobody_else(address: str, root: Path) -> None:
    with client(address, root) as browser:
        assert browser.get("/api/health").json() == {"status": "ok"}
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"{address}/api/health", trust_env=False)
    with pytest.raises(httpx.HTTPError):
        httpx.get(address.replace("https", "http") + "/api/health", trust_env=False)


def test_a_session_is_kept_for_encrypted_pages_of_this_host_only(
    running: Running, maple: Home, address: str, root: Path
) -> None:
    entry.begin(running.store, maple, "person.greg", "Greg", SECRET, device="", now=running.site.now())
    with client(address, root) as browser:
        answer = browser.post("/sign-in", data={"name": "greg", "password": SECRET})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-proactive=") and "Secure" in cookie and "HttpOnly" in cookie
        assert browser.get("/rules").status_code == 200
        secret = browser.cookies["__Host-proactive"]
    with client(address, root) as browser:
        browser.cookies.set("proactive", secret)
        answer = browser.get("/rules")
        assert answer.headers["location"].startswith("/sign-in"), "a cookie of another name may be of anybody"


def test_the_root_is_there_to_install_and_its_key_is_not(address: str, root: Path, settings: Settings) -> None:
    with client(address, root) as browser:
        got = browser.get("/trust/root.crt")
        assert got.headers["content-type"] == "application/x-x509-ca-cert"
        assert got.content == ssl.PEM_cert_to_DER_cert(root.read_text())
        page = browser.get("/trust").text
    assert "Certificate Trust Settings" in page and "PRIVATE KEY" not in page


def test_without_an_authority_there_is_no_root_and_the_page_says_what_to_do(running: Running) -> None:
    answer = httpx.get(f"{running.address}/trust", trust_env=False, headers={"Accept": "text/html"})
    assert "proactive tls" in answer.text and "Get the certificate" not in answer.text
    assert httpx.get(f"{running.address}/trust/root.crt", trust_env=False).status_code == 404


def test_the_commands_of_this_machine_come_through_to_the_right_server_only(
    address: str, settings: Settings, tmp_path: Path
) -> None:
    (settings.data / NAME).write_text(LOCAL)
    other = Authority(tmp_path / "other")
    other.make(("localhost",), "nas", NOW)
    Secured(Settings(data=tmp_path / "other"), NOW)
    for certificate, answered in ((files_of(settings)[0], True), (other.server, False), (tmp_path / "none", False)):
        with DataLock(settings.data) as lock:
            lock.tell(address=address, certificate=str(certificate))
            assert (ask(settings.data, "POST", "/api/look") is not None) == answered


def test_it_listens_in_the_network_once_it_can_encrypt(secured: Secured, settings: Settings) -> None:
    require_safe(replace(settings, host="0.0.0.0"))


def test_the_command_makes_what_serve_uses_and_says_what_people_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PROACTIVE_NAMES", "home.lan")
    assert main(["tls"]) == 0
    out = capsys.readouterr().out
    assert "home.lan" in out and "PROACTIVE_HOST=0.0.0.0" in out and "/trust says" in out
    assert Secured(Settings(data=tmp_path / "data", names=("home.lan",)), NOW).context is not None


def test_what_a_machine_is_called_lets_its_root_vouch_for_no_site_of_that_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("socket.gethostname", lambda: "dev")
    assert main(["tls"]) == 0
    root = Authority(tmp_path / "data").root().certificate
    assert may_vouch(root, "dev.local") and may_vouch(root, "dev.lan") and not may_vouch(root, "bank.dev")


CERTUTIL = shutil.which("certutil")


@pytest.fixture
def profile(root: Path, tmp_path: Path) -> dict[str, str | float | bool]:
    """Return the environment of a person who installed the root in their browser."""
    assert CERTUTIL is not None
    known = tmp_path / "person" / ".pki" / "nssdb"
    known.mkdir(parents=True)
    for words in (["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "proactive", "-i", str(root)]):
        subprocess.run([CERTUTIL, "-d", f"sql:{known}", *words], check=True, timeout=60)
    return {**os.environ, "HOME": str(tmp_path / "person")}


@pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium: apt-get install chromium")
@pytest.mark.skipif(CERTUTIL is None, reason="there is no certutil: apt-get install libnss3-tools")
def test_a_browser_whose_person_installed_the_root_may_push_and_hear_and_another_is_warned(
    address: str, profile: dict[str, str | float | bool]
) -> None:
    with sync_api.sync_playwright() as playwright:
        start = partial(playwright.chromium.launch, executable_path=CHROMIUM, args=list(QUIET))
        with start() as stranger, pytest.raises(sync_api.Error, match="ERR_CERT_AUTHORITY_INVALID"):
            stranger.new_page().goto(address)
        with start(env=profile) as browser:
            page = browser.new_context(viewport=SIZES["phone"]).new_page()
            page.set_default_timeout(30 * SECOND)
            page.goto(f"{address}/trust")
            page.locator("#checks[data-done]").wait_for()
            found = {each: page.locator(f'[data-check="{each}"]').get_attribute("data-well") for each in CHECKS}
            assert found == dict.fromkeys(CHECKS, "yes") | {"push": found["push"]}, page.locator("#checks").inner_text()
            check(page)

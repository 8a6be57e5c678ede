"""Where the store or the log fails, whoever asks is told so in words, and only the box's own log says where and why."""

from __future__ import annotations

import json
import logging
import sqlite3

import pytest

from tests.proactive.web.conftest import Running
from tests.proactive.web.people import browser_of
from tests.proactive.web.test_records import bell

DOCTOR = "with `proactive doctor`"


def lose(running: Running, file: str, table: str) -> None:
    """Take a table away from a database that is in use."""
    with sqlite3.connect(running.site.settings.data / file) as db:
        db.execute(f"ALTER TABLE {table} RENAME TO lost_{table}")
    db.close()


def is_told_nothing_more(running: Running, text: str) -> None:
    for secret in (str(running.site.settings.data), ".db", "sqlite", "no such table"):
        assert secret not in text, text


def test_a_store_that_fails_shows_nobody_where_it_is_but_the_log(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    lose(running, "proactive.db", "home")
    lose(running, "proactive.db", "account")
    with caplog.at_level(logging.WARNING), running.client() as anybody:
        answer = anybody.get("/api/health")
        page = anybody.get("/sign-in", headers={"Accept": "text/html"})
    assert (answer.status_code, page.status_code) == (503, 503)
    assert DOCTOR in answer.json()["detail"] and "proactive doctor" in page.text
    is_told_nothing_more(running, answer.text)
    assert str(running.site.settings.data) not in page.text and "no such table" not in page.text
    assert str(running.site.settings.data) in caplog.text and "no such table" in caplog.text


def test_a_log_that_fails_shows_nobody_where_it_is_but_the_log_of_the_box(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    lose(running, "log.db", "record")
    with caplog.at_level(logging.WARNING), running.client("records:write") as writer:
        answers = [writer.get("/api/health"), writer.post("/api/records", json=bell())]
    for answer in answers:
        assert answer.status_code == 503 and DOCTOR in answer.json()["detail"]
        is_told_nothing_more(running, answer.text)
    assert str(running.site.settings.log) in caplog.text


def test_who_talks_while_the_store_fails_is_not_told_where_it_is(running: Running) -> None:
    owner = browser_of(running, "person.greg")
    headers = {"X-Form": owner.form(), "Accept": "application/x-ndjson"}
    lose(running, "proactive.db", "rule")
    answer = owner.client.post("/talk", data={"text": "tell me when the doorbell rings"}, headers=headers)
    said = json.loads(answer.text.strip().splitlines()[-1])["wrong"]
    assert DOCTOR in said
    is_told_nothing_more(running, said)

"""What `GET /metrics` shows, and to whom; and what `doctor` makes of it."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from proactive.vitals import complaints
from rules.record import Record
from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.test_records import URL, bell


def metrics(running: Running) -> str:
    with running.client() as client:
        answer = client.get("/metrics")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_what_became_of_records_and_what_fired_is_counted(running: Running, writer: httpx.Client) -> None:
    running.runtime.put_rule(make_rule(when={"op": "occurs", "of": [{"type": "event", "source": "doorbell.front"}]}))
    running.clock.pass_by(seconds=1)
    posted = [bell("a", 0.02), bell("b", 0.02), bell("a", 0.02), bell("far", 9), bell(type="sneeze")]
    assert writer.post(URL, json=posted).status_code == 200
    running.clock.pass_by(minutes=1)
    running.runtime.wake()
    shown = metrics(running)
    for line in (
        'proactive_records_total{result="taken"} 2.0',
        'proactive_records_total{result="known"} 1.0',
        'proactive_records_total{result="ahead_of_clock"} 1.0',
        'proactive_records_total{result="refused"} 1.0',
        'proactive_firings_total{verdict="fired"} 2.0',
        "proactive_lag_seconds 0.0",
        "proactive_deadline_overdue_seconds 0.0",
        "proactive_oldest_undelivered_seconds 0.0",
    ):
        assert line in shown.splitlines()
    said = [sentence for sentence, _ in complaints(shown)]
    assert said == ["records refused since it started: 1", "records ahead of the clock here since it started: 1"]


def test_what_is_not_folded_or_decided_is_said(running: Running) -> None:
    running.runtime.put_rule(make_rule())
    running.clock.pass_by(seconds=5)
    running.runtime.stop()
    running.log.append([Record(id="late", type="event", time=running.clock.now, source="bell", home="maple")])
    running.clock.now += timedelta(hours=29)
    said = [sentence for sentence, _ in complaints(metrics(running))]
    assert said == ["what comes in is 1 day and 5 hours behind", "a deadline that was due 1 hour ago is not decided"]


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Real-IP"])
def test_behind_a_proxy_metrics_need_a_token(running: Running, header: str) -> None:
    with running.client() as client, running.client("read") as reader, running.client("records:write") as writer:
        asked = {header: "203.0.113.9"}
        assert client.get("/metrics", headers=asked).status_code == 401
        assert writer.get("/metrics", headers=asked).status_code == 403
        assert reader.get("/metrics", headers=asked).status_code == 200


def test_a_page_of_another_site_whose_name_points_here_sees_no_metrics(running: Running) -> None:
    with running.client() as client:
        assert client.get("/metrics", headers={"Host": "evil.example"}).status_code in (400, 401, 403, 421)

"""Laws of `POST /api/records`: what is handed in over HTTP is taken once, kept aside or refused, and it is said which."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import LOCAL, MORNING, Running

URL = "/api/records"


def bell(id: str = "bell", minutes: float = 0, **more: Any) -> dict[str, Any]:
    given = {"id": id, "type": "event", "source": "doorbell.front", "home": "maple", "data": {"name": "pressed"}}
    return given | {"time": (MORNING + timedelta(minutes=minutes)).isoformat()} | more


def results(answer: httpx.Response) -> list[str]:
    return [told["result"] for told in answer.json()["records"]]


def kept(running: Running) -> list[str]:
    return [record.id for _, record in running.log.after(0, 1000) if record.type != "tick"]


def test_one_record_is_taken_and_kept(running: Running, writer: httpx.Client) -> None:
    answer = writer.post(URL, json=bell())
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "taken": 1,
        "known": 0,
        "aside": 0,
        "shed": 0,
        "refused": 0,
        "records": [{"index": 0, "id": "bell", "result": "taken"}],
    }
    assert kept(running) == ["bell"]


def test_the_same_record_again_changes_nothing(running: Running, writer: httpx.Client) -> None:
    writer.post(URL, json=bell())
    assert results(writer.post(URL, json=[bell(), bell("other")])) == ["known", "taken"]
    assert kept(running) == ["bell", "other"]


LINES = "\n".join(json.dumps(bell(id)) for id in ("a", "b")) + "\n\n"
EVENT = {"specversion": "1.0", **bell("a")}


@pytest.mark.parametrize(
    "kind, body, ids",
    [
        ("application/json", json.dumps([bell("a"), bell("b")]), ["a", "b"]),
        ("application/json; charset=utf-8", " " + json.dumps(bell("a")), ["a"]),
        ("application/x-ndjson", LINES, ["a", "b"]),
        ("application/jsonl", "\ufeff" + LINES, ["a", "b"]),
        ("application/cloudevents+json", json.dumps(EVENT), ["a"]),
        ("application/cloudevents-batch+json", json.dumps([EVENT, EVENT | {"id": "b"}]), ["a", "b"]),
        ("application/json", "[]", []),
    ],
)
def test_each_kind_of_body_is_read(
    running: Running, writer: httpx.Client, kind: str, body: str, ids: list[str]
) -> None:
    answer = writer.post(URL, content=body.encode(), headers={"Content-Type": kind})
    assert answer.status_code == 200, answer.text
    assert results(answer) == ["taken"] * len(ids)
    assert kept(running) == ids


def test_a_cloud_event_may_have_its_attributes_in_headers(running: Running, writer: httpx.Client) -> None:
    headers = {f"ce-{key}": str(value) for key, value in EVENT.items() if key != "data"} | {"ce-id": "caf%C3%A9"}
    answer = writer.post(URL, json={"name": "pressed"}, headers=headers)
    assert results(answer) == ["taken"]
    assert kept(running) == ["café"]
    assert running.log.records("maple", ["café"])[0].data == {"name": "pressed"}


@pytest.mark.parametrize(
    "entry, code, says",
    [
        (bell(id=""), "invalid", "id"),
        ({"id": "x"}, "missing", "is required"),
        (bell(type="sneeze"), "unknown_type", "found 'sneeze'"),
        (bell(time="yesterday"), "bad_time", "found 'yesterday'"),
        (bell(time="2026-03-09T08:00:00"), "naive_time", "offset"),
        (bell(data={"a": {"b": 1}}), "not_flat", "scalars"),
        (bell(home="mapel"), "unknown_home", "found 'mapel'"),
        (bell(type="tick"), "not_yours", "the clock here"),
        (bell(type="rule.drop", data={"rule": "daisy-fed"}), "not_allowed", "'admin'"),
        (bell(type="rule.put", data={"rule": make_rule().as_json()}), "not_allowed", "'admin'"),
        (7, "not_an_object", "found int"),
    ],
)
def test_what_is_wrong_with_a_record_is_said_of_that_record(
    running: Running, writer: httpx.Client, entry: Any, code: str, says: str
) -> None:
    answer = writer.post(URL, json=[bell("before"), entry, bell("after")])
    assert answer.status_code == 200
    assert results(answer) == ["taken", "refused", "taken"]
    problem = answer.json()["records"][1]["problem"]
    assert problem["code"] == code
    assert says in problem["message"]
    alone = writer.post(URL, json=[entry])
    assert (alone.status_code, alone.headers["content-type"]) == (422, "application/problem+json")
    assert alone.json()["problems"][0]["code"] == code
    assert kept(running) == ["before", "after"]


def test_what_is_ahead_of_the_clock_is_set_aside_and_said(running: Running, writer: httpx.Client) -> None:
    told = writer.post(URL, json=bell(minutes=5)).json()["records"][0]
    assert (told["result"], told["reason"]) == ("aside", "ahead_of_clock")
    assert "ahead of the clock" in told["why"]
    assert running.log.aside() == [("ahead_of_clock", 1)]


@pytest.mark.parametrize(
    "headers, body, status",
    [
        ({"Content-Type": "text/csv"}, b"a,b", 415),
        ({}, b"{}", 415),
        ({"Content-Type": "application/json", "Content-Encoding": "br"}, b"{}", 415),
        ({"Content-Type": "application/json"}, b"[1, 2", 422),
        ({"Content-Type": "application/json"}, b"\xff\xfe", 422),
        ({"Content-Type": "application/json"}, b"[" * 100_000, 422),
        ({"Content-Type": "application/json"}, b"[" + b"{}," * 10_001 + b"{}]", 422),
        ({"Content-Type": "application/json"}, b" " * (8 << 20) + b"1", 413),
        ({"Content-Type": "application/cloudevents+json"}, json.dumps(bell()).encode(), 422),
        ({"Content-Type": "application/cloudevents+json"}, b"[]", 422),
        ({"Content-Type": "image/png", "ce-id": "1"}, b"\x89PNG", 415),
        ({"Content-Type": "application/json", "ce-id": "%ff"}, b"{", 422),
    ],
)
def test_a_body_that_cannot_be_used_is_answered_with_what_to_do(
    running: Running, writer: httpx.Client, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = writer.post(URL, content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status
    assert len(answer.json()["detail"]) > 10
    assert kept(running) == []


def test_nobody_hands_in_records_without_a_token_that_is_for_it(running: Running) -> None:
    with running.client() as nobody, running.client("read") as reader:
        assert nobody.post(URL, json=bell()).status_code == 401
        assert nobody.post(URL, json=bell()).headers["www-authenticate"] == "Bearer"
        assert reader.post(URL, json=bell()).status_code == 403
        for forged in ("proactive_00000000_" + "x" * 43, "nonsense", running.token("read")[:-1] + "!"):
            answer = nobody.post(URL, json=bell(), headers={"Authorization": f"Bearer {forged}"})
            assert answer.status_code == 401
    assert kept(running) == []


def test_a_token_that_was_revoked_lets_nobody_in(running: Running, writer: httpx.Client) -> None:
    assert writer.post(URL, json=bell()).status_code == 200
    running.store.revoke_token(running.store.tokens()[0].name)
    assert writer.post(URL, json=bell("late")).status_code == 401


def test_a_token_for_one_home_hands_in_nothing_of_another(running: Running, maple: Any) -> None:
    running.store.import_home(maple.model_copy(update={"home": "salon"}))
    with running.client("records:write", home="salon") as client:
        assert client.post(URL, json=bell()).json()["problems"][0]["code"] == "unknown_home"


def test_an_admin_puts_and_drops_rules_which_the_store_keeps_and_which_count_at_once(running: Running) -> None:
    rule = make_rule(when={"op": "occurs", "of": [{"type": "event", "source": "doorbell.front"}]})
    put = bell("put", type="rule.put", data={"rule": rule.as_json()})
    with running.client("admin", "records:write") as admin:
        assert results(admin.post(URL, json=[put, bell("ring", 0.01)])) == ["taken", "taken"]
        assert [standing.id for standing in running.store.rules("maple")] == ["daisy-fed"]
        assert results(admin.post(URL, json=put)) == ["known"]
        running.clock.pass_by(minutes=1)
        running.runtime.wake()
        assert [firing.evidence for firing in running.firings()] == [("ring",)]
        drop = bell("drop", type="rule.drop", data={"rule": "daisy-fed"})
        assert results(admin.post(URL, json=[drop, drop])) == ["taken", "known"]
        assert running.runtime.rules() == {}
        unknown = bell("drop", type="rule.drop", data={"rule": "dayzy-fed"})
        assert admin.post(URL, json=unknown).status_code == 422


def test_a_rule_about_what_does_not_exist_is_refused(running: Running) -> None:
    rule = make_rule(when={"op": "occurs", "of": [{"type": "event", "source": "doorbell.back"}]})
    with running.client("admin") as admin:
        answer = admin.post(URL, json=bell("put", type="rule.put", data={"rule": rule.as_json()}))
    assert answer.status_code == 422
    assert "doorbell.back" in answer.text
    assert running.store.rules("maple") == []


def test_whoever_asks_too_often_is_told_when_to_come_again(running: Running, writer: httpx.Client) -> None:
    name = running.store.tokens()[0].name
    running.site.requests.take(name, running.site.requests.burst + 10_000)
    answer = writer.post(URL, json=bell())
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert kept(running) == []


def test_a_device_that_floods_is_shed_and_told_so(running: Running, writer: httpx.Client) -> None:
    answer = writer.post(URL, json=[bell(f"b{n}") for n in range(1_500)] + [bell("other", source="cam.kitchen")]).json()
    assert (answer["taken"], answer["shed"]) == (1_001, 500)
    assert answer["records"][1_200] == {"index": 1_200, "id": "b1200", "result": "shed"}
    running.site.intake.settle()
    assert {key: shed.happenings for key, shed in running.log.shed().items()} == {("maple", "doorbell.front"): 500}


def test_a_full_disk_is_answered_with_when_to_come_again_and_loses_nothing(
    running: Running, writer: httpx.Client
) -> None:
    assert writer.post(URL, json=bell("kept")).status_code == 200
    running.log.limit_pages(1)
    many = [bell(f"r{n}", data={"name": "x" * 500}) for n in range(500)]
    answer = writer.post(URL, json=many)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert "disk" in answer.json()["detail"]
    assert kept(running) == ["kept"]
    running.log.limit_pages(1 << 30)
    assert writer.post(URL, json=many).json()["taken"] == 500


def test_what_is_not_there_is_said_in_the_same_form(running: Running) -> None:
    with running.client() as client:
        for answer, status in ((client.get("/nowhere"), 404), (client.get(URL), 405)):
            assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
        assert client.get("/api/health").json() == {"status": "ok"}


def test_a_look_brings_the_log_in_line_with_the_store_at_once(running: Running) -> None:
    running.store.put_rule(make_rule(), at=0)
    with running.client() as client, running.client("records:write") as writer:
        assert client.post("/api/look").status_code == 401
        assert writer.post("/api/look").status_code == 403
        assert client.post("/api/look", headers={"Authorization": f"Bearer {LOCAL}"}).json() == {"rules": 1}
    assert running.runtime.rules().keys() == {("maple", "daisy-fed")}

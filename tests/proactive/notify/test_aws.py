"""Amazon's SNS and S3, against moto's server on this machine: the real boto3, real requests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from proactive.notify import aws
from proactive.notify.aws import Bucket, Sns, client
from proactive.notify.channel import ChannelError, Channels, Message, Route
from proactive.notify.conformance import check_channel
from proactive.notify.sender import Sender
from tests.proactive.phones import Phone

MESSAGE = Message(
    tag="t", id="n", to="Greg", title="Młyn\nHouse", body="Not fed", urgency="high", link="https://p.example/1"
)


@pytest.fixture(scope="module")
def amazon() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        url = "http://{}:{}".format(*server.get_host_and_port())
        settings = {
            "ENDPOINT_URL": url,
            "ACCESS_KEY_ID": "made",
            "SECRET_ACCESS_KEY": "up",
            "DEFAULT_REGION": "eu-west-1",
        }
        for name, value in settings.items():
            patch.setenv(f"AWS_{name}", value)
        yield url
    server.stop()


@pytest.fixture
def topic(amazon: str) -> str:
    return str(client("sns", "eu-west-1").create_topic(Name="house")["TopicArn"])


def test_sns_keeps_its_obligations(topic: str) -> None:
    check_channel(Sns(), f"awssns://eu-west-1/{topic}", f"awssns://eu-west-1/{topic}-that-is-not-there")
    check_channel(Sns(), "awssns://eu-west-1/+447700900123")


def test_a_topic_gets_words_link_and_what_it_is_about() -> None:
    topic = "arn:aws:sns:eu-west-1:1:house"
    given = aws._publication(MESSAGE, topic)
    assert given["Message"] == "Not fed\nhttps://p.example/1"
    assert given["Subject"] == "Myn House"
    assert given["MessageAttributes"]["tag"] == {"DataType": "String", "StringValue": "t"}
    assert len(aws._publication(replace(MESSAGE, body="ż" * 2000), "+447700900123")["Message"].encode()) <= 1400


@pytest.mark.parametrize("address", ["awssns://eu-west-1/house", "awssns:///arn:aws:sns:x", "sns://eu-west-1/+44"])
def test_an_address_that_is_none_of_sns_says_what_is_expected(address: str) -> None:
    with pytest.raises(ChannelError, match="expected awssns://REGION"):
        Sns().send(MESSAGE, address)


def test_a_picture_is_seen_from_outside_by_a_link_that_ends(amazon: str, tmp_path: Path) -> None:
    client("s3", None).create_bucket(Bucket="maple", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    picture = tmp_path / "daisy.jpg"
    picture.write_bytes(b"a picture")
    link = Bucket("s3://maple/pictures", seconds=600).publish(picture)
    asked = parse_qs(urlsplit(link).query)
    left = int(asked["X-Amz-Expires"][0]) if "X-Amz-Expires" in asked else int(asked["Expires"][0]) - time.time()
    assert 500 < left <= 601
    answer = httpx.get(link)
    assert (answer.content, answer.headers["content-type"]) == (b"a picture", "image/jpeg")
    assert "daisy" not in link


def test_words_go_without_a_picture_that_cannot_be_put_outside(amazon: str, tmp_path: Path) -> None:
    picture = tmp_path / "daisy.jpg"
    picture.write_bytes(b"a picture")
    phone = Phone()
    phone.linked = True
    sender = Sender(Channels(made={"phone": phone}), Bucket("s3://no-such-bucket-here/x").publish)
    sent = sender.send(replace(MESSAGE, picture=picture, link=""), [Route("phone", "phone", "a")])
    assert (phone.said, phone.got[0][1].link) == (["Not fed"], "")
    assert "NoSuchBucket" in sent.error

"""Amazon: the channel `awssns`, and pictures on S3 behind links that last an hour.

`awssns://REGION/TOPIC-ARN` publishes to a topic, `awssns://REGION/+NUMBER` sends a text message. Keys come from where boto3 finds
them (environment, profile, role), never from an address.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from proactive.error import ProactiveError
from proactive.notify.channel import ChannelError, Message

SECONDS = 10  # for Amazon to answer, twice
HOUR = 3600
SMS = 1400  # bytes of a text message: Amazon takes 1600 and splits it into parts
SUBJECT = 99  # characters of a topic's subject
_TYPES: Mapping[str, str] = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


@dataclass(frozen=True)
class Sns:
    """Publishes messages to a topic or a phone number; a picture goes as a link, where there is one."""

    linked = True

    def send(self, message: Message, address: str) -> None:
        """Publish the message. Raise ChannelError with Amazon's code, without the address."""
        region, target = _target(address)
        try:
            client("sns", region).publish(**_publication(message, target))
        except ProactiveError:
            raise
        except Exception as error:  # boto3's errors are made when it runs: there is no class to name here
            raise ChannelError(f"Amazon SNS did not take it: {_code(error)}.") from error


@dataclass(frozen=True)
class Bucket:
    """Puts pictures where they can be seen from outside, by links that are good for an hour: `s3://bucket/prefix`."""

    address: str
    seconds: int = HOUR

    def publish(self, picture: Path) -> str:
        """Upload a picture and return its link. Raise ChannelError. The same picture has the same name."""
        parts = urlsplit(self.address)
        try:
            content = picture.read_bytes()
            key = f"{parts.path.strip('/')}/{blake2b(content, digest_size=16).hexdigest()}{picture.suffix}".lstrip("/")
            kind = _TYPES.get(picture.suffix.lower(), "application/octet-stream")
            s3, where = client("s3", None), {"Bucket": parts.netloc, "Key": key}
            s3.put_object(**where, Body=content, ContentType=kind, CacheControl="private, no-store")
            return str(s3.generate_presigned_url("get_object", Params=where, ExpiresIn=self.seconds))
        except ProactiveError:
            raise
        except Exception as error:  # as above
            raise ChannelError(f"The picture could not be put on S3: {_code(error)}.") from error


def client(service: str, region: str | None) -> Any:
    """Return boto3's client of a service, which gives up soon. Raise ChannelError where boto3 is missing."""
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise ChannelError("Amazon's services need boto3. Install it with: pip install 'proactive[aws]'") from error
    patience = Config(connect_timeout=SECONDS, read_timeout=SECONDS, retries={"total_max_attempts": 2})
    # A session of its own: boto3's default one is not safe to share between threads.
    return boto3.session.Session().client(service, region_name=region, config=patience)


def _publication(message: Message, target: str) -> dict[str, Any]:
    words = "\n".join(filter(None, (message.body, message.link)))
    if target.startswith("+"):
        return {"PhoneNumber": target, "Message": _cut(f"{message.title}: {words}" if message.title else words)}
    attributes = {"tag": message.tag, "urgency": message.urgency, "verdict": message.verdict, "id": message.id}
    return {
        "TopicArn": target,
        "Message": words,
        **({"Subject": subject} if (subject := _subject(message.title)) else {}),
        "MessageAttributes": {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items() if value
        },
    }


def _subject(title: str) -> str:
    """Return a title as a topic takes one: ASCII, one line, short."""
    return " ".join(title.encode("ascii", "ignore").decode().split())[:SUBJECT]


def _cut(text: str) -> str:
    return text.encode()[:SMS].decode(errors="ignore")


def _target(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    target = parts.path.strip("/")
    if parts.scheme != "awssns" or not parts.netloc or not target.startswith(("arn:", "+")):
        raise ChannelError(
            "The address is none of SNS: expected awssns://REGION/arn:aws:sns:... or awssns://REGION/+NUMBER."
        )
    return parts.netloc, target


def _code(error: Exception) -> str:
    """Return Amazon's code for what went wrong; its sentences name keys and addresses."""
    answer = getattr(error, "response", None)
    found = answer.get("Error", {}).get("Code") if isinstance(answer, dict) else None
    return json.dumps(found)[1:-1] if found else type(error).__name__

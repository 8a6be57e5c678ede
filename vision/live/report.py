"""Reports: how each camera is doing, for whoever asks: what it shows, how fast, and what that takes."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from vision.live.rota import Post, Rota


class CameraReport(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How one camera is doing at `time`: blind for `reason` since `since`, or seeing. Holds no address.

    `zones` are those that cannot be seen though the camera sees, each with its reason. Of `rate` pictures a second that are asked for it
    gets `most_fps` at most, since one takes `ms_per_picture` lately, and `ms_moving` where the detector looks at it.
    """

    home: str
    camera: str
    time: datetime
    reason: str | None = None
    since: datetime | None = None
    last_seen: datetime | None = None
    zones: dict[str, str] = {}
    trouble: str = ""
    fps: float = 0.0
    looks: int = 0
    ms_per_look: float = 0.0
    frames: int = 0
    rate: float = 0.0
    most_fps: float = 0.0
    ms_per_picture: float = 0.0
    ms_moving: float = 0.0
    received: int = 0
    dropped: int = 0
    late: int = 0
    old: int = 0
    oldest_ms: float = 0.0
    connections: int = 0


def reports_of(rota: Rota, now: datetime) -> list[CameraReport]:
    """Return how each camera on the rota is doing."""
    return [report_of(post, now, rota.rate, rota.period) for post in rota.posts]


def report_of(post: Post, now: datetime, rate: float, period: timedelta) -> CameraReport:
    """Return how a camera is doing that is to be looked at `rate` times a second, and has its turn once in a `period`."""
    watch, counts, effort = post.watch, post.reader.counts, post.watch.effort
    return CameraReport(
        home=watch.home.home,
        camera=watch.camera.id,
        time=now,
        reason=watch.sight.reason,
        since=watch.sight.since,
        last_seen=watch.sight.last,
        zones=dict(watch.outlook.zones.blind()),
        trouble=post.reader.trouble,
        fps=round(_rate(post.times), 1),
        looks=effort.looks,
        ms_per_look=round(1000 * effort.seconds / effort.looks, 1) if effort.looks else 0.0,
        frames=effort.frames,
        rate=rate,
        most_fps=round(1 / period.total_seconds(), 2),
        ms_per_picture=round(1000 * post.cost.mean, 1),
        ms_moving=round(1000 * post.cost.look, 1),
        received=counts.received,
        dropped=counts.dropped,
        late=counts.late,
        old=counts.old,
        oldest_ms=round(post.oldest.total_seconds() * 1000, 1),
        connections=counts.connections,
    )


def _rate(times: list[datetime]) -> float:
    span = (times[-1] - times[0]).total_seconds() if len(times) > 1 else 0.0
    return (len(times) - 1) / span if span > 0 else 0.0

"""Questions: who may ask what. What may be asked may still be told only in part: `Access.may_read` says which records."""

from __future__ import annotations

from proactive.access.access import Access
from proactive.language.query import Query


def refusal(query: Query, access: Access) -> str | None:
    """Return why somebody may not ask a question, or None where they may."""
    if query.told and set(query.told) != {access.person} and access.standing in ("child", "guest"):
        return "I only tell you what I told you yourself."
    if access.standing == "guest" and (not query.period.now or query.wanted == "why"):
        return "As a guest you can ask how things are now, but not about the past."
    cameras = tuple(camera.id for camera in access.home.cameras)
    asked = [
        (source, subject)
        for pattern in query.of
        for source in pattern.source or cameras
        for subject in pattern.subject or (None,)
    ]
    # All of it, since an answer from a part of what was asked may be wrong: that nobody is home, of one's own state alone.
    if all(access.may_know(source, subject) for source, subject in asked) and not _asks_who(query, access):
        return None
    if access.standing == "member":
        return "One of the cameras that would know was not shown to you. Ask an owner of the home."
    return "I do not tell you where other people are, or what the cameras saw of them."


def _asks_who(query: Query, access: Access) -> bool:
    return query.wanted == "who" and access.standing in ("child", "guest")

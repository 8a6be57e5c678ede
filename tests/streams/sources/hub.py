"""A small Home Assistant: a real WebSocket server on the loopback that speaks its API, with visible state."""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import Future
from datetime import UTC, datetime
from itertools import count
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve

TOKEN = "hunter2"


class Hub:
    """Entities and who listens. Every method may be called from the thread of a test."""

    def __init__(self) -> None:
        self.states: dict[str, dict[str, Any]] = {}
        self.called: list[tuple[str, str, dict[str, Any], str]] = []
        self.refuses, self.silent, self.deaf = "", False, False
        self._clients: dict[ServerConnection, dict[str, int]] = {}
        self._contexts = count()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = 0
        self._server: Server | None = None
        self.start()

    # --- as a person in front of it ---

    def start(self) -> None:
        self._on_loop(self._start())

    def stop(self) -> None:
        """Go down: every connection is cut."""
        self._on_loop(self._stop())

    def set(self, entity: str, state: str | None, at: datetime | None = None, **attributes: Any) -> None:
        """Change an entity, and tell who listens; None removes it."""
        self._on_loop(self._set(entity, state, at or datetime.now(UTC), attributes))

    def again(self, entity: str) -> None:
        """Tell the last change of an entity once more."""
        self._on_loop(self._tell("state_changed", self._last[entity], None))

    def tap(self, action: str, user: str | None = None) -> None:
        self._on_loop(self._tell("mobile_app_notification_action", {"action": action, "tag": "t"}, user))

    def say(self, event: Any) -> None:
        """Tell an event that is not as it should be."""
        self._on_loop(self._tell_raw("state_changed", event))

    # --- as a server ---

    def _on_loop(self, what: Any) -> Any:
        done: Future[Any] = asyncio.run_coroutine_threadsafe(what, self._loop)
        return done.result(10)

    async def _start(self) -> None:
        self._last: dict[str, Any] = {}
        self._server = await serve(self._talk, "127.0.0.1", self.port)
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def _stop(self) -> None:
        assert self._server is not None
        for client in list(self._clients):
            client.transport.abort()
        self._server.close()
        await self._server.wait_closed()

    async def _talk(self, client: ServerConnection) -> None:
        await client.send(json.dumps({"type": "auth_required", "ha_version": "2026.3.0"}))
        given = json.loads(await client.recv())
        if given != {"type": "auth", "access_token": TOKEN}:
            await client.send(json.dumps({"type": "auth_invalid", "message": "Invalid access token or password"}))
            return
        await client.send(json.dumps({"type": "auth_ok", "ha_version": "2026.3.0"}))
        self._clients[client] = {}
        try:
            async for text in client:
                await self._answer(client, json.loads(text))
        finally:
            del self._clients[client]

    async def _answer(self, client: ServerConnection, message: dict[str, Any]) -> None:
        number, result, success = message["id"], None, True
        match message["type"]:
            case "ping":
                if not self.deaf:
                    await client.send(json.dumps({"id": number, "type": "pong"}))
                return
            case "subscribe_events":
                self._clients[client][message["event_type"]] = number
            case "get_states":
                result = list(self.states.values())
            case "call_service":
                self.called.append((message["domain"], message["service"], message["service_data"], message["target"]["entity_id"]))  # fmt: skip
                if self.silent:
                    return
                success = not self.refuses
        answer = {"id": number, "type": "result", "success": success, "result": result}
        await client.send(json.dumps(answer | ({} if success else {"error": {"code": "x", "message": self.refuses}})))

    async def _set(self, entity: str, state: str | None, at: datetime, attributes: dict[str, Any]) -> None:
        before, context = self.states.get(entity), {"id": f"c{next(self._contexts)}", "parent_id": None, "user_id": None}  # fmt: skip
        now = at.isoformat()
        if state is None:
            self.states.pop(entity, None)
            after = None
        else:
            changed = before["last_changed"] if before and before["state"] == state else now
            after = {"entity_id": entity, "state": state, "attributes": attributes, "last_changed": changed, "last_updated": now, "context": context}  # fmt: skip
            self.states[entity] = after
        self._last[entity] = {"entity_id": entity, "old_state": before, "new_state": after}
        await self._tell("state_changed", self._last[entity], None)

    async def _tell(self, kind: str, data: dict[str, Any], user: str | None) -> None:
        context = {"id": f"e{next(self._contexts)}", "parent_id": None, "user_id": user}
        await self._tell_raw(kind, {"event_type": kind, "data": data, "origin": "LOCAL", "context": context})

    async def _tell_raw(self, kind: str, event: Any) -> None:
        for client, subscribed in self._clients.items():
            if kind in subscribed:
                await client.send(json.dumps({"id": subscribed[kind], "type": "event", "event": event}))

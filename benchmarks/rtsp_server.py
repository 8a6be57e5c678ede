"""A real RTSP server with cameras that play stamped films: GStreamer's, run by the system's Python, which has its bindings.

    apt-get install python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-{base,good,bad,ugly}
    /usr/bin/python3 benchmarks/rtsp_server.py --size 640x360 --fps 5 --film yard.bgr --camera 0:0.0 --camera 0:7.3

encodes each film (raw BGR pictures, one after another) as H.264 once, a key frame every two seconds, prints the URL of each camera
(`FILM:SHIFT`) and serves until stdin ends. The picture k of a film of n is sent when the clock, moved on by the camera's shift, is
at the slot k of every n / fps seconds: a picture that is stamped with its slot so tells when it was sent (`benchmarks.loop`). Nothing is
encoded while it serves, which leaves the machine to whoever watches. `--login USER:PASSWORD` asks everybody for it, `--digest` in the
way that does not send it. It uses the standard library and GStreamer alone, since the system's Python has no other packages.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from heapq import heapify, heapreplace
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

KEY_EVERY = 2  # seconds between key frames, and kilobits a second: as cameras have them for a small second stream
KILOBITS = 400
_STREAM = (
    "( appsrc name=film is-live=true format=time caps={caps} ! h264parse config-interval=-1 "
    "! rtph264pay name=pay0 pt=96 )"
)
_CAPS = "video/x-h264,stream-format=byte-stream,alignment=au"


def gstreamer() -> tuple[Any, Any, Any]:
    """Return the bindings of GLib, GStreamer and its RTSP server, set up. Raise ImportError or ValueError where they are not here."""
    gi = import_module("gi")
    for name in ("Gst", "GstRtspServer", "GstRtsp"):
        gi.require_version(name, "1.0")
    glib, gst, rtsp = (import_module(f"gi.repository.{name}") for name in ("GLib", "Gst", "GstRtspServer"))
    gst.init(None)
    return glib, gst, rtsp


def encoded(gst: Any, film: Path, size: tuple[int, int], fps: int) -> list[bytes]:
    """Return the pictures of a film as H.264, each whole: parameters with every key frame, none that waits for a later one."""
    width, height = size
    caps = f"video/x-raw,format=BGR,width={width},height={height},framerate={fps}/1"
    pipeline = gst.parse_launch(
        f"filesrc location={film} blocksize={3 * width * height} ! {caps} ! videoconvert ! video/x-raw,format=I420 "
        f"! x264enc speed-preset=veryfast tune=zerolatency bitrate={KILOBITS} key-int-max={KEY_EVERY * fps} option-string=open-gop=0 "
        f"! h264parse config-interval=-1 ! {_CAPS} ! appsink name=out sync=false"
    )
    out = pipeline.get_by_name("out")
    pipeline.set_state(gst.State.PLAYING)
    pictures = []
    while (sample := out.emit("pull-sample")) is not None:
        buffer = sample.get_buffer()
        pictures.append(buffer.extract_dup(0, buffer.get_size()))
    pipeline.set_state(gst.State.NULL)
    return pictures


class Camera:
    """One camera: its film, and the seconds by which its clock is ahead. Sends while somebody watches."""

    def __init__(self, gst: Any, film: list[bytes], shift: float, fps: int) -> None:
        self._gst, self._film, self._shift, self._fps = gst, film, shift, fps
        self._source: Any = None
        self._begun = False

    def watched(self, _factory: Any, media: Any) -> None:
        """Begin to send: somebody watches."""
        self._source, self._begun = media.get_element().get_by_name("film"), False
        media.connect("unprepared", self._left)

    def _left(self, _media: Any) -> None:
        self._source = None

    def next_slot(self, now: float) -> int:
        """Return the number of the next picture."""
        return int((now + self._shift) * self._fps) + 1

    def time_of(self, slot: int) -> float:
        """Return when a picture is sent, in seconds since the epoch."""
        return slot / self._fps - self._shift

    def skip(self) -> None:
        """Leave out a picture, and with it all until the next key frame, since they build on it."""
        self._begun = False

    def send(self, slot: int) -> None:
        """Send a picture to whoever watches, a key frame first."""
        source, picture = self._source, slot % len(self._film)
        self._begun = self._begun or picture % (KEY_EVERY * self._fps) == 0
        if source is not None and self._begun:
            buffer = self._gst.Buffer.new_wrapped(self._film[picture])
            # Stamped now, as cameras do: by itself the source stamps a picture when it leaves a queue, in which it may have waited.
            buffer.pts = buffer.dts = source.get_current_running_time()
            source.emit("push-buffer", buffer)


def play(cameras: list[Camera]) -> None:
    """Send the pictures of all cameras at their times, for ever."""
    numbered = count()
    queue = [(each.time_of(slot := each.next_slot(time.time())), next(numbered), slot, each) for each in cameras]
    heapify(queue)
    while True:
        at, _, slot, camera = queue[0]
        if (wait := at - time.time()) > 0:
            time.sleep(wait)
        # What this process slept through is not made up for: a picture sent late would pass for one of now.
        following = max(slot + 1, camera.next_slot(time.time()))
        if following == slot + 1:
            camera.send(slot)
        else:
            camera.skip()
        heapreplace(queue, (camera.time_of(following), next(numbered), following, camera))


def guarded(server: Any, rtsp: Any, login: str, digest: bool) -> Any:
    """Have the server ask for a login; return who may do what with a camera."""
    user, _, password = login.partition(":")
    auth, token, may = rtsp.RTSPAuth.new(), rtsp.RTSPToken.new(), rtsp.RTSPPermissions.new()
    token.set_string("media.factory.role", user)
    if digest:
        auth.set_supported_methods(import_module("gi.repository.GstRtsp").RTSPAuthMethod.DIGEST)
        auth.add_digest(user, password, token)
    else:
        auth.add_basic(rtsp.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)
    for right in ("media.factory.access", "media.factory.construct"):
        may.add_permission_for_role(user, right, True)
    return may


def serve(options: argparse.Namespace) -> None:
    """Serve until stdin ends."""
    glib, gst, rtsp = gstreamer()
    width, height = (int(side) for side in options.size.split("x"))
    films = [encoded(gst, film, (width, height), options.fps) for film in options.film]
    server = rtsp.RTSPServer.new()
    server.set_address("127.0.0.1")
    server.set_service(str(options.port))
    # As many cameras are many servers: one that waits for its first picture holds up no other.
    server.get_thread_pool().set_max_threads(len(options.camera))
    rights = guarded(server, rtsp, options.login, options.digest) if options.login else None
    cameras = []
    for number, camera in enumerate(options.camera):
        film, _, shift = camera.partition(":")
        cameras.append(Camera(gst, films[int(film)], float(shift or 0), options.fps))
        factory = rtsp.RTSPMediaFactory.new()
        factory.set_launch(_STREAM.format(caps=_CAPS))
        factory.set_shared(True)
        factory.connect("media-configure", cameras[-1].watched)
        if rights is not None:
            factory.set_permissions(rights)
        server.get_mount_points().add_factory(f"/{number}", factory)
    if not server.attach(None):
        sys.exit(f"Expected a free port, found {options.port} taken.")
    print(
        *(f"rtsp://127.0.0.1:{server.get_bound_port()}/{number}" for number in range(len(cameras))),
        sep="\n",
        flush=True,
    )
    loop = glib.MainLoop()
    threading.Thread(target=play, args=(cameras,), daemon=True).start()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    loop.run()


def main() -> None:
    """Serve the films that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="640x360")
    parser.add_argument("--fps", type=int, default=5)
    parser.add_argument("--film", action="append", type=Path, required=True)
    parser.add_argument("--camera", action="append", required=True, metavar="FILM:SHIFT")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--login", default="", metavar="USER:PASSWORD")
    parser.add_argument("--digest", action="store_true")
    serve(parser.parse_args())


if __name__ == "__main__":
    main()

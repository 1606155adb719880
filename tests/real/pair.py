"""Two real `qbittorrent-nox` on loopback, with throw-away profiles: one seeds, the other downloads slowly."""

import base64
import hashlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlencode

from tests.real.metainfo import Season
from tracker_tui.config.settings import Instance, Secret
from tracker_tui.model.ids import Kind

BINARY = shutil.which("qbittorrent-nox")
USERNAME = "admin"
PASSWORD = "throw-away-password"
START_S = 20.0

_CONFIG = r"""
[LegalNotice]
Accepted=true

[BitTorrent]
Session\DHTEnabled=false
Session\PeXEnabled=false
Session\LSDEnabled=false
Session\Port={peer_port}
Session\InterfaceAddress=127.0.0.1
Session\DefaultSavePath={downloads}
Session\QueueingSystemEnabled=false

[Network]
PortForwardingEnabled=false

[Preferences]
Connection\ResolvePeerCountries=false
WebUI\Address=127.0.0.1
WebUI\Port={web_port}
WebUI\UseUPnP=false
WebUI\Username={username}
WebUI\Password_PBKDF2="@ByteArray({password})"
WebUI\LocalHostAuth=true
"""


class RealQbittorrent:
    """One server process with its own profile. `start` returns when the Web API answers."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        self.downloads = profile / "downloads"
        self.web_port, self.peer_port = _free_port(), _free_port()
        self.url = f"http://127.0.0.1:{self.web_port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._cookie = ""
        config = profile / "qBittorrent" / "config" / "qBittorrent.conf"
        config.parent.mkdir(parents=True)
        self.downloads.mkdir()
        config.write_text(
            _CONFIG.format(
                peer_port=self.peer_port,
                web_port=self.web_port,
                downloads=self.downloads,
                username=USERNAME,
                password=_pbkdf2(PASSWORD),
            )
        )

    @property
    def instance(self) -> Instance:
        """Return the configuration that lets our client in."""
        return Instance(
            kind=Kind.QBITTORRENT,
            name="real",
            url=self.url,
            username=USERNAME,
            password=Secret(PASSWORD),
            timeout_s=5.0,
        )

    def start(self) -> None:
        """Start the process and wait for its Web API."""
        assert BINARY is not None
        self._process = subprocess.Popen(
            [BINARY, f"--profile={self.profile}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(self.profile)},
        )
        ends = time.monotonic() + START_S
        while True:
            try:
                self._log_in()
            except OSError:
                if time.monotonic() > ends or self._process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop the process that `start` began, and wait for its end."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def restart(self) -> None:
        """Stop and start again, with the same profile and ports."""
        self.stop()
        self.start()

    def call(self, path: str, **form: str) -> bytes:
        """POST to the Web API as the operator would."""
        return self._post(path, urlencode(form).encode(), "application/x-www-form-urlencoded")

    def add(self, season: Season, **options: str) -> None:
        """Add a season's torrent file, with the Web API's own option names."""
        boundary = "season-pack-boundary"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in options.items()
        ]
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="torrents"; filename="season.torrent"\r\n'
            "Content-Type: application/x-bittorrent\r\n\r\n".encode()
            + season.torrent
            + f"\r\n--{boundary}--\r\n".encode()
        )
        assert self._post("torrents/add", b"".join(parts), f"multipart/form-data; boundary={boundary}") == b"Ok."

    def wait_until_loaded(self, season: Season) -> None:
        """Wait until the server has read its resume data of a season."""
        ends = time.monotonic() + START_S
        while time.monotonic() < ends:
            listed = json.loads(self.call("torrents/info", hashes=season.client_hash))
            if listed and listed[0]["state"] != "checkingResumeData":
                return
            time.sleep(0.1)
        raise TimeoutError(f"{season.name} is not loaded")

    def _log_in(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=10)
        form = urlencode({"username": USERNAME, "password": PASSWORD})
        connection.request("POST", "/api/v2/auth/login", form, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        answer.read()
        self._cookie = (answer.headers["Set-Cookie"] or "").split(";")[0]
        connection.close()

    def _post(self, path: str, body: bytes, content_type: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=10)
        headers = {"Content-Type": content_type, "Cookie": self._cookie}
        connection.request("POST", f"/api/v2/{path}", body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        assert answer.status == 200, f"{path}: {answer.status} {content[:80]!r}"
        return content


class Pair:
    """A seeder and a leecher that know nobody but each other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seeder = RealQbittorrent(folder / "seeder")
        self.leecher = RealQbittorrent(folder / "leecher")

    def start(self) -> None:
        """Start both."""
        self.seeder.start()
        self.leecher.start()

    def stop(self) -> None:
        """Stop both."""
        self.seeder.stop()
        self.leecher.stop()

    def seed(self, season: Season) -> None:
        """Let the seeder offer a season."""
        self.seeder.add(season, savepath=str(season.folder), skip_checking="true")

    def leech(
        self, season: Season, *, limit: int = 2 << 20, sequential: bool = False, category: str = "tv-sonarr"
    ) -> None:
        """Let the leecher fetch a season from the seeder, `limit` bytes a second."""
        options = {"dlLimit": str(limit), "category": category}
        self.leecher.add(season, **options, **({"sequentialDownload": "true"} if sequential else {}))
        self.connect(season)

    def connect(self, season: Season) -> None:
        """Tell the leecher where the seeder is, once both are ready: a refused peer is left alone for a minute."""
        for server in (self.seeder, self.leecher):
            server.wait_until_loaded(season)
        peer = f"127.0.0.1:{self.seeder.peer_port}"
        self.leecher.call("torrents/addPeers", hashes=season.client_hash, peers=peer)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _pbkdf2(password: str) -> str:
    salt = os.urandom(16)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 100_000)
    return f"{base64.b64encode(salt).decode()}:{base64.b64encode(key).decode()}"

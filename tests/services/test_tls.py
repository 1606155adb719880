"""Who is trusted, and that a refusal names its cause and what to do, with httpx and with qBittorrent's client alike."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.services.certificates import Authority, Pair, self_signed
from tests.services.loopback import Exchange, Loopback, Script
from tracker_tui.config.settings import Instance, Secret
from tracker_tui.model.ids import Kind
from tracker_tui.services.errors import BadAnswer, ServiceError, Unreachable, Untrusted, WrongService
from tracker_tui.services.http import Link, Sessions
from tracker_tui.services.qbittorrent.client import QbittorrentClient

CANARY = "c4na4ry8b1f9a7d4e6fa1b2c3d4e5f60"
DAY = timedelta(days=1)
OWN_CA = "set `ca_file` to your own CA, or `verify_tls = false`"
RENEW = "renew the certificate of 127.0.0.1, or set this computer's clock"
SCHEME = "check the port, and whether `url` starts with http or https"
BY_HTTPX, BY_REQUESTS = Kind.SONARR, Kind.QBITTORRENT
BOTH = pytest.mark.parametrize("kind", [BY_HTTPX, BY_REQUESTS], ids=["httpx", "requests"])
REACHED = BadAnswer
"""The answer came, for what it is worth."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return self_signed(tmp_path_factory.mktemp("alone"), "home")


async def asked(kind: Kind, url: str, **facts: Any) -> ServiceError:
    """Ask with a key; return what came of it, which is never an answer that can be used."""
    given = {"timeout_s": 3.0, "headers": {"X-Proxy": Secret(CANARY)}, **facts}
    if kind is BY_REQUESTS:
        instance = Instance(kind=kind, name="q", url=url, username="admin", password=Secret(CANARY), **given)
        client = QbittorrentClient(instance)
        with pytest.raises(ServiceError) as caught:
            await client.sync()
        await client.aclose()
    else:
        sessions = Sessions()
        link = Link(Instance(kind=kind, name="s", url=url, **given), sessions, {"X-Api-Key": CANARY})
        with pytest.raises(ServiceError) as caught:
            await link.json(int, "/api")
        await sessions.aclose()
    fault = caught.value
    assert CANARY not in f"{fault!r} {fault} {fault.fix} {fault.as_failure()}"
    return fault


def answering(status: str = "200 OK", body: str = "{}", **headers: str) -> Script:
    async def script(exchange: Exchange) -> None:
        await exchange.answer(body, status, **headers)

    return script


@BOTH
async def test_a_self_signed_certificate_is_refused(kind: Kind, alone: Pair) -> None:
    async with Loopback(answering(), tls=alone.speaks()) as server:
        fault = await asked(kind, server.url)
        assert server.seen == []
    assert type(fault) is Untrusted
    assert fault.message == "the TLS connection failed: the certificate was not accepted (self-signed certificate)"
    assert fault.fix == OWN_CA


@BOTH
async def test_it_is_accepted_as_its_own_authority_or_where_nothing_is_verified(kind: Kind, alone: Pair) -> None:
    async with Loopback(answering(), tls=alone.speaks()) as server:
        for trusting in ({"ca_file": alone.certificate}, {"verify_tls": False}):
            assert type(await asked(kind, server.url, **trusting)) is REACHED
        assert type(await asked(kind, server.url)) is Untrusted, "another instance still verifies"


@BOTH
async def test_a_certificate_made_the_old_way_is_accepted_as_its_own_authority(kind: Kind, tmp_path: Path) -> None:
    """Without key identifiers, not marked as an authority: as many guides make them."""
    bare = self_signed(tmp_path, "bare", "IP:127.0.0.1", "basicConstraints=CA:FALSE", "subjectKeyIdentifier=none")
    async with Loopback(answering(), tls=bare.speaks()) as server:
        assert type(await asked(kind, server.url, ca_file=bare.certificate)) is REACHED


@BOTH
async def test_an_authority_of_ones_own_vouches_once_it_is_named(kind: Kind, authority: Authority) -> None:
    issued = authority.issue("good", since=-DAY, until=DAY)
    async with Loopback(answering(), tls=issued.speaks()) as server:
        fault = await asked(kind, server.url)
        assert type(fault) is Untrusted
        assert fault.fix == OWN_CA
        for file in (authority.certificate, issued.certificate):
            assert type(await asked(kind, server.url, ca_file=file)) is REACHED, file.name


@BOTH
async def test_a_certificate_that_ran_out_is_to_be_renewed(kind: Kind, authority: Authority) -> None:
    old = authority.issue("old", since=-3 * DAY, until=-DAY)
    async with Loopback(answering(), tls=old.speaks()) as server:
        fault = await asked(kind, server.url, ca_file=authority.certificate)
    assert type(fault) is Untrusted
    assert (fault.message, fault.fix) == ("the TLS connection failed: the certificate has expired", RENEW)


@BOTH
async def test_a_certificate_of_tomorrow_speaks_of_clocks(kind: Kind, authority: Authority) -> None:
    early = authority.issue("early", since=DAY, until=3 * DAY)
    async with Loopback(answering(), tls=early.speaks()) as server:
        fault = await asked(kind, server.url, ca_file=authority.certificate)
    assert (fault.message, fault.fix) == ("the TLS connection failed: the certificate is not valid yet", RENEW)


@BOTH
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_certificate_for_another_name_is_not_helped_by_its_authority(
    kind: Kind, host: str, authority: Authority
) -> None:
    other = authority.issue(f"other-{kind}-{host}", "DNS:nas.example", since=-DAY, until=DAY)
    async with Loopback(answering(), tls=other.speaks()) as server:
        url = server.url.replace("127.0.0.1", host)
        fault = await asked(kind, url, ca_file=authority.certificate)
        assert type(await asked(kind, url, verify_tls=False)) is REACHED
    assert type(fault) is Untrusted
    assert fault.message == f"the TLS connection failed: the certificate is for other names than {host}"
    assert fault.fix == "write the name that it was made for into `url`, or make one for this name"


@BOTH
@pytest.mark.parametrize("content", [None, "not a certificate"], ids=["missing", "damaged"])
async def test_an_unusable_ca_file_is_named(kind: Kind, tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    fault = await asked(kind, "https://127.0.0.1:1", ca_file=file)
    assert (type(fault), fault.fix) == (Unreachable, "check `ca_file`")


# ---- the wrong protocol


@contextlib.asynccontextmanager
async def bytes_server(answer: bytes) -> AsyncIterator[str]:
    """Yield host and port of a server that answers whatever comes with the same bytes, and closes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


@BOTH
async def test_tls_to_a_port_for_plain_http(kind: Kind) -> None:
    async with bytes_server(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n") as place:
        fault = await asked(kind, f"https://{place}")
    assert type(fault) is Unreachable, "no certificate is to blame"
    assert fault.fix == SCHEME


@BOTH
async def test_tls_to_a_port_that_waits_for_more(kind: Kind) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        fault = await asked(kind, f"https://127.0.0.1:{deaf.getsockname()[1]}", timeout_s=9.0)
    assert fault.fix in {SCHEME, "check the host, the port and the firewall, and whether it speaks TLS there"}


@BOTH
async def test_plain_http_to_a_port_for_tls_that_closes(kind: Kind, alone: Pair) -> None:
    async with Loopback(answering(), tls=alone.speaks()) as server:
        fault = await asked(kind, server.url.replace("https:", "http:"))
        assert server.seen == []
    assert fault.message == "the connection was closed without an answer"
    assert fault.fix == "check that the service runs; if it expects TLS, write https:// into `url`"


@BOTH
async def test_plain_http_to_a_port_for_tls_that_says_so_in_its_own_way(kind: Kind) -> None:
    async with bytes_server(b"\x15\x03\x03\x00\x02\x02\x32") as place:
        fault = await asked(kind, f"http://{place}")
    assert type(fault) is WrongService
    assert fault.fix == "write https:// into `url`"


@BOTH
@pytest.mark.parametrize(
    "page",
    [
        "<html><center>The plain HTTP request was sent to HTTPS port</center></html>",
        "Client sent an HTTP request to an HTTPS server.\n",
        "<p>You're speaking plain HTTP to an SSL-enabled server port.</p>",
    ],
    ids=["nginx", "go", "apache"],
)
async def test_plain_http_to_a_port_for_tls_that_says_so_in_words(kind: Kind, page: str) -> None:
    async with Loopback(answering("400 Bad Request", page, Content_Type="text/html")) as server:
        fault = await asked(kind, server.url)
    assert type(fault) is WrongService
    assert fault.fix == "write https:// into `url`"


# ---- redirects


@BOTH
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_no_key_follows_a_redirect_to_another_place(kind: Kind, status: str, alone: Pair) -> None:
    """Neither to another port, nor from https to http, nor to another path."""
    async with Loopback(answering()) as elsewhere:
        for context in (None, alone.speaks()):
            moved = answering(status, Location=f"{elsewhere.url}/login?key={CANARY}")
            async with Loopback(moved, tls=context) as server:
                fault = await asked(kind, server.url, verify_tls=False)
                assert fault.message == f"answers with a redirect to {elsewhere.url}/login"
                assert len(server.seen) == 1
        assert elsewhere.seen == []

"""TLS, for httpx and requests alike: whom to trust, and in plain words why there was no such connection.

Causes are told by the numbers that OpenSSL gives them (`X509_V_ERR_…` in its `x509_vfy.h`), never by their texts.
"""

import ssl
from collections.abc import Iterator
from enum import IntEnum

from tracker_tui.config.settings import Instance
from tracker_tui.services.errors import Unreachable, Untrusted, WrongService

_FURTHER = 8
"""So many causes behind a failure are looked at."""
_OWN_CA = "set `ca_file` to your own CA, or `verify_tls = false`"
_SCHEME = "check the port, and whether `url` starts with http or https"
_TOLD_OFF = (b"HTTPS port", b"HTTP request to an HTTPS server", b"SSL-enabled server port")
"""In the pages of nginx, of Go's servers (Caddy, Traefik) and of Apache for plain HTTP at a port for TLS."""


class Flaw(IntEnum):
    """What is wrong with a certificate beside its authority."""

    NOT_YET_VALID = 9
    EXPIRED = 10
    OTHER_NAME = 62
    OTHER_ADDRESS = 64


def context(instance: Instance) -> ssl.SSLContext:
    """Return what decides whose certificate is accepted. Raises Unreachable if the CA file cannot be read."""
    try:
        found = ssl.create_default_context(cafile=str(instance.ca_file) if instance.ca_file else None)
    except (OSError, ssl.SSLError) as fault:
        raise Unreachable(f"the CA file cannot be used: {type(fault).__name__}", "check `ca_file`") from None
    if instance.ca_file:
        # certificates made at home are often their own authority and lack what Python 3.13 began to demand
        found.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        found.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if not instance.verify_tls:
        found.check_hostname = False
        found.verify_mode = ssl.CERT_NONE
    return found


def causes(fault: BaseException | None) -> Iterator[BaseException]:
    """Return a failure and what is behind it: its causes, or the exception that it carries as its argument."""
    for _ in range(_FURTHER):
        if fault is None:
            return
        yield fault
        carried = next((one for one in fault.args if isinstance(one, BaseException)), None)
        fault = fault.__cause__ or fault.__context__ or carried


def refusal(host: str | None, fault: BaseException | None) -> Unreachable | None:
    """Return why TLS kept two from talking, or its absence; None where something else did."""
    for cause in causes(fault):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _untrusted(host, cause)
        if isinstance(cause, ssl.SSLError):
            return Unreachable("the TLS connection failed: the server does not speak TLS as we do", _SCHEME)
        if isinstance(cause, TimeoutError) and "handshake" in str(cause):
            return Unreachable("the TLS connection failed: the server does not answer to it", _SCHEME)
    return None


def expected() -> WrongService:
    """Return what it means where plain HTTP is answered by TLS, or by a page that asks for it."""
    return WrongService("speaks TLS, not plain HTTP, at this port", "write https:// into `url`")


def told_off(body: bytes) -> WrongService | None:
    """Return what it means where a server says that it expected TLS; None for any other page."""
    return expected() if any(words in body for words in _TOLD_OFF) else None


def _untrusted(host: str | None, cause: ssl.SSLCertVerificationError) -> Untrusted:
    match cause.verify_code:
        case Flaw.EXPIRED | Flaw.NOT_YET_VALID as flaw:
            state = "has expired" if flaw == Flaw.EXPIRED else "is not valid yet"
            fix = f"renew the certificate of {host}, or set this computer's clock"
        case Flaw.OTHER_NAME | Flaw.OTHER_ADDRESS:
            state = f"is for other names than {host}"
            fix = "write the name that it was made for into `url`, or make one for this name"
        case _:
            state = f"was not accepted ({cause.verify_message})"
            fix = _OWN_CA
    return Untrusted(f"the TLS connection failed: the certificate {state}", fix)

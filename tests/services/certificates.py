"""Certificates as people make them at home: signed by themselves, or by an authority of their own."""

import shutil
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

HERE = "IP:127.0.0.1,DNS:localhost"
_CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
_RULES = """
[ca]
default_ca = home
[home]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
"""


class Pair(NamedTuple):
    """A certificate and its key."""

    certificate: Path
    key: Path

    def speaks(self) -> ssl.SSLContext:
        """Return what a server needs to present it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self)
        return context


def self_signed(folder: Path, name: str, names: str = HERE, *extensions: str) -> Pair:
    """Return a certificate that is its own authority, for these names; `extensions` as openssl takes them."""
    pair = Pair(folder / f"{name}.pem", folder / f"{name}.key")
    added = [word for one in (f"subjectAltName={names}", *extensions) for word in ("-addext", one)]
    out = ("-keyout", str(pair.key), "-out", str(pair.certificate))
    _openssl(folder, "req", "-x509", *_CURVE, *out, "-days", "2", "-subj", f"/CN={name}", *added)
    return pair


class Authority:
    """An authority of somebody's own; `certificate` is what a `ca_file` names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pair = self_signed(folder, "authority", "DNS:authority", "basicConstraints=critical,CA:TRUE")
        self.certificate = self._pair.certificate
        (folder / "index.txt").touch()
        (folder / "rules").write_text(_RULES)

    def issue(self, name: str, names: str = HERE, *, since: timedelta, until: timedelta) -> Pair:
        """Return a certificate for these names, valid between two distances from now."""
        folder = self._folder
        pair = Pair(folder / f"{name}.pem", folder / f"{name}.key")
        request = str(folder / f"{name}.csr")
        subject = ("-subj", f"/CN={name}", "-addext", f"subjectAltName={names}")
        _openssl(folder, "req", "-new", *_CURVE, "-keyout", str(pair.key), "-out", request, *subject)
        span = ("-startdate", _stamp(since), "-enddate", _stamp(until))
        signer = ("-cert", str(self._pair.certificate), "-keyfile", str(self._pair.key))
        rules = ("-config", "rules", "-batch", "-notext")
        _openssl(folder, "ca", *rules, *signer, *span, "-in", request, "-out", str(pair.certificate))
        return pair


def _stamp(later: timedelta) -> str:
    return f"{datetime.now(UTC) + later:%Y%m%d%H%M%SZ}"


def _openssl(folder: Path, *words: str) -> None:
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not installed")
    subprocess.run([program, *words], check=True, capture_output=True, cwd=folder)

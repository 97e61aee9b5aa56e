"""Certificates that nobody signed but themselves, made by openssl."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    """A file for the client to trust, and what the server shows."""

    pem: str
    server: ssl.SSLContext


def self_signed(folder: Path, names: str) -> Certificate:
    """Make a certificate; `names` as openssl writes them: `IP:127.0.0.1,DNS:example.org`."""
    key, pem = folder / "key.pem", folder / "certificate.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    shown = ["-subj", "/CN=127.0.0.1", "-addext", f"subjectAltName={names}"]
    command = ["openssl", "req", "-x509", *kind, *shown, "-keyout", str(key), "-out", str(pem)]
    subprocess.run(command, check=True, capture_output=True)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem, key)
    return Certificate(str(pem), server)

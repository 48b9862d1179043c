"""Every way to sign in at once, each with secrets that are known, so that a test can look for them everywhere.

One application of one offline tenant takes them all. No expectation of any test lives here.
"""

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from issuer import Issuer

from area1_provider.emulator import Emulator

SECRET, TENANT_SECRET, FILE_SECRET = (f"canary-Zk3_secret-of-{place}" for place in ("environment", "tenant", "file"))
PEM_PASSWORD, PFX_PASSWORD = (f"canary-Zk3_password-of-{kind}" for kind in ("pem", "pfx"))
JOB_TOKEN = "canary-Zk3_token-of-job"

PROGRAM = """
import os
import pulumi
from area1_provider import OutboundConnector, OutboundConnectorArgs, Tenant

hidden = pulumi.Config().require_secret
WAYS = {
    "secret": {"client_secret": hidden("secret")},
    "pfx": {"client_certificate": hidden("pfx"), "client_certificate_password": hidden("password")},
    "token": {"oidc_token": hidden("token")},
    "secret file": {"client_secret_file_path": os.environ["CANARY_SECRET_FILE"]},
    "pem file": {
        "client_certificate_path": os.environ["CANARY_PEM"],
        "client_certificate_password_file_path": os.environ["CANARY_PASSWORD_FILE"],
    },
    "token file": {"oidc_token_file_path": os.environ["CANARY_TOKEN_FILE"]},
    "pipeline": {"use_oidc": True},
    "machine": {"use_msi": True},
    "az": {"use_cli": True},
}
OutboundConnector("own", OutboundConnectorArgs(name="own", comment="ours"))
for name, settings in WAYS.items():
    tenant = Tenant(name, os.environ["ARM_TENANT_ID"], settings)
    OutboundConnector(name, OutboundConnectorArgs(name=name, comment="ours"), pulumi.ResourceOptions(provider=tenant))
"""
NAMES = {"own", "secret", "pfx", "token", "secret file", "pem file", "token file", "pipeline", "machine", "az"}


@dataclass(frozen=True)
class Ways:
    """What a shell and a stack config hold for all ways, and the texts that must show nowhere."""

    environment: dict[str, str]
    config: dict[str, str]
    """Secrets of the stack config, in the project's namespace."""
    secrets: dict[str, str]


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@contextmanager
def all_ways(emulator: Emulator, folder: Path, path: str) -> Iterator[Ways]:
    """Register every way at the emulator's first application, with files in `folder`; `path` is PATH without `az`."""
    authority, environment = trustme.CA(), emulator.environment()
    issuer = Issuer()
    issuer.trusted(emulator)
    token = issuer.token()
    pem, pfx, key_line = _certificates(emulator, folder)
    bundle = folder / "trusted.pem"
    bundle.write_bytes(Path(emulator.ca_file).read_bytes() + authority.cert_pem.bytes())
    (folder / "token").write_text(token, encoding="utf-8")
    (folder / "secret").write_text(FILE_SECRET, encoding="utf-8")
    (folder / "password").write_text(PEM_PASSWORD, encoding="utf-8")
    for secret in (SECRET, TENANT_SECRET, FILE_SECRET):
        emulator.control.add_secret(secret)
    emulator.control.change_application(managed_identity=True)
    machine, issued = emulator.app_service_environment(), _access_token(emulator)
    with _pipeline(authority, token) as url:
        shell = {
            **environment,
            "ARM_CLIENT_SECRET": SECRET,
            "ACTIONS_ID_TOKEN_REQUEST_URL": url,
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": JOB_TOKEN,
            "AREA1_CA_FILE": str(bundle),
            "CANARY_PEM": str(pem),
            "CANARY_PASSWORD_FILE": str(folder / "password"),
            "CANARY_SECRET_FILE": str(folder / "secret"),
            "CANARY_TOKEN_FILE": str(folder / "token"),
            "PATH": f"{_azure_cli(folder, issued)}:{path}",
            **machine,
        }
        config = {"secret": TENANT_SECRET, "pfx": pfx, "password": PFX_PASSWORD, "token": token}
        shown = {"environment": SECRET, "file": FILE_SECRET, "pem": PEM_PASSWORD, "job": JOB_TOKEN, "key": key_line}
        found = {"access": issued, "header": machine["IDENTITY_HEADER"]}
        yield Ways(shell, config, {**config, "pfx": pfx[200:280], **shown, **found})


def _certificates(emulator: Emulator, folder: Path) -> tuple[Path, str, str]:
    """Register a certificate; give it as PEM file and as PFX in base64, each with a password, and a line of its key."""
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "journal")]), datetime.now(UTC)
    draft = x509.CertificateBuilder(name, name, _key().public_key(), x509.random_serial_number())
    dated = draft.not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    certificate = dated.sign(_key(), hashes.SHA256())
    public = certificate.public_bytes(Encoding.PEM)
    emulator.control.add_certificate(public.decode())
    pem = folder / "app.pem"
    pem.write_bytes(_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, _locked(PEM_PASSWORD)) + public)
    whole = pkcs12.serialize_key_and_certificates(b"app", _key(), certificate, None, _locked(PFX_PASSWORD))
    opened = _key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return pem, base64.b64encode(whole).decode(), opened.splitlines()[5]


def _locked(password: str) -> KeySerializationEncryption:
    return BestAvailableEncryption(password.encode())


def _access_token(emulator: Emulator) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": emulator.account().client_id,
        "client_secret": SECRET,
        "scope": "https://outlook.office365.com/.default",
    }
    answer = requests.post(f"{emulator.authority}/oauth2/v2.0/token", data=form, verify=emulator.ca_file, timeout=20)
    return str(answer.json()["access_token"])


def _azure_cli(folder: Path, token: str) -> Path:
    """Put an `az` that prints a token into a folder of its own."""
    program = folder / "bin" / "az"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nprintf '%s' '{json.dumps({'accessToken': token})}'\n", encoding="utf-8")
    program.chmod(0o755)
    return program.parent


@contextmanager
def _pipeline(authority: trustme.CA, token: str) -> Iterator[str]:
    """Serve a pipeline's endpoint that issues the token to whoever has the job's; give its address."""

    class Issuing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # http.server's name
            allowed = self.headers.get("Authorization") == f"Bearer {JOB_TOKEN}"
            content = json.dumps({"value": token} if allowed else {}).encode()
            self.send_response(200 if allowed else 401)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
            del format, args

    with ThreadingHTTPServer(("127.0.0.1", 0), Issuing) as server:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("localhost").configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"https://localhost:{server.server_port}/idtoken?api-version=2.0"
        server.shutdown()
        thread.join()

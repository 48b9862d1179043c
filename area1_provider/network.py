"""What went wrong between here and a host, said as one of our own errors.

Knows the HTTP library's exceptions by their class names only, so that this imports neither requests nor
urllib3. What an answer *says* is not judged here.
"""

import socket
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from area1_provider.errors import ConnectionFailed, NotListening, Untrusted

_ELSEWHERE = "Is an emulator meant that has ended? Look at AREA1_EXCHANGE_URL and AREA1_AUTHORITY_HOST, or unset both."
_OFFLINE = "Is this machine online, and does a proxy need HTTPS_PROXY to be set?"

_HANDSHAKE = ("WRONG_VERSION_NUMBER", "PROTOCOL", "HANDSHAKE", "HTTP_REQUEST", "KEY_TOO_SMALL")
"""In OpenSSL's reasons: the connection never came to be. With any other the request may have been sent."""


def failure_of(error: BaseException, url: str, ca_file: str | None) -> ConnectionFailed:
    """Give the error to raise for an exception (an OSError, as those of requests are) met while asking `url`.

    `ca_file` is the bundle that was trusted, None for the usual one. `sent` is true wherever the request
    may have arrived. The text names the host only: a path or query could hold what is not for logs.
    """
    host = urlsplit(url).netloc.rpartition("@")[2] or "the host"
    chain = list(_chain(error))
    names = {kind.__name__ for link in chain for kind in type(link).__mro__}
    return _tls(chain, host, ca_file) or _unsent(chain, names, host) or _unanswered(names, host, error)


def bare(error: ConnectionFailed) -> str:
    """Say what failed without asking after emulator, internet and proxy: for a host that is none of those."""
    text = str(error)
    for question in (_ELSEWHERE, _OFFLINE):
        text = text.removesuffix(f" {question}")
    return text


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Give the exception and everything that it wraps: by cause, by context, as reason or as argument."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        link = waiting.pop(0)
        if isinstance(link, BaseException) and id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += [link.__cause__, link.__context__, getattr(link, "reason", None), *link.args]


def _tls(chain: list[BaseException], host: str, ca_file: str | None) -> ConnectionFailed | None:
    trusted = ca_file or "the usual certificate authorities"
    text = " ".join(str(link) for link in chain)
    if "TLS CA certificate bundle" in text or "NO_CERTIFICATE_OR_CRL_FOUND" in text:
        return ConnectionFailed(f"{ca_file}: no PEM bundle of certificate authorities (AREA1_CA_FILE) is there.")
    failures = [link for link in chain if isinstance(link, ssl.SSLError)]
    distrust = next((link for link in failures if isinstance(link, ssl.SSLCertVerificationError)), None)
    if distrust is not None:
        return Untrusted(
            f"{host}: its TLS certificate is not trusted ({distrust.verify_message or 'verification failed'}); trusted "
            f"were {trusted}. Nothing was sent. If a proxy inspects TLS here, name its CA in AREA1_CA_FILE."
        )
    if failures:
        reason = failures[0].reason or "no reason given"
        if any(word in reason for word in _HANDSHAKE):
            return ConnectionFailed(f"{host}: no TLS ({reason}). Nothing was sent. Does the port speak HTTPS?")
        return ConnectionFailed(f"{host}: TLS broke ({reason}). The request may have been carried out.", sent=True)
    return None


def _unsent(chain: list[BaseException], names: set[str], host: str) -> ConnectionFailed | None:
    """Give the error for a connection that never came to be."""
    if any(isinstance(link, socket.gaierror) for link in chain) or "NameResolutionError" in names:
        return ConnectionFailed(f"{host}: no such host name, or no name service. {_OFFLINE}")
    if "ProxyError" in names:
        return ConnectionFailed(f"{host}: the proxy did not let the connection through. Look at HTTPS_PROXY, NO_PROXY.")
    if "ConnectionRefusedError" in names:
        refused = f"{host}: connection refused, nothing listens there."
        return NotListening(f"{refused} {_ELSEWHERE}") if _is_here(host) else ConnectionFailed(f"{refused} {_OFFLINE}")
    if names & {"ConnectTimeout", "ConnectTimeoutError"}:
        return ConnectionFailed(f"{host}: no connection within the time limit. {_OFFLINE}")
    if names & {"NewConnectionError", "InvalidURL", "InvalidSchema", "MissingSchema"}:
        return ConnectionFailed(f"{host}: no connection. {_OFFLINE}")
    return None


def _is_here(host: str) -> bool:
    """Say whether a host, with its port, is this machine by its loopback address or name."""
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def _unanswered(names: set[str], host: str, error: BaseException) -> ConnectionFailed:
    """Give the error for a connection that broke; what was asked for may have happened."""
    if names & {"ReadTimeout", "ReadTimeoutError", "TimeoutError"}:
        said = "no answer within the time limit"
    elif names & {"ConnectionResetError", "RemoteDisconnected", "ProtocolError", "ChunkedEncodingError"}:
        said = "the connection broke before the whole answer had come"
    else:
        said = f"the connection failed ({type(error).__name__})"
    return ConnectionFailed(f"{host}: {said}. The request may have been carried out.", sent=True)

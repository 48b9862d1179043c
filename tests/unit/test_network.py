"""Network trouble: each kind as one of our errors, and whether the request may have arrived."""

import http.client
import socket
import ssl

import pytest
import requests
import urllib3
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProtocolError, ReadTimeoutError

from area1_provider.errors import ConnectionFailed, Untrusted
from area1_provider.network import failure_of

URL = "https://me:pw@outlook.office365.com/adminapi/beta?secret=1"
POOL = urllib3.connectionpool.HTTPSConnectionPool("outlook.office365.com")
CONNECTION = urllib3.connection.HTTPSConnection("outlook.office365.com")


def caused(outer: BaseException, inner: BaseException) -> BaseException:
    """Give an exception that was raised from another."""
    outer.__cause__ = inner
    return outer


def retried(inner: Exception) -> MaxRetryError:
    """Give what urllib3 raises when it has given up."""
    return MaxRetryError(POOL, "/", inner)


def distrust() -> ssl.SSLCertVerificationError:
    """Give what ssl raises for an unknown issuer."""
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    error.verify_message = "unable to get local issuer certificate"
    return error


def tls(reason: str) -> ssl.SSLError:
    """Give what ssl raises for other trouble."""
    error = ssl.SSLError(1, f"[SSL: {reason}] {reason}")
    error.reason = reason
    return error


REFUSED = ConnectionRefusedError(111, "Connection refused")
UNKNOWN = socket.gaierror(-2, "Name or service not known")
CASES = [
    (
        requests.ConnectionError(retried(caused(NewConnectionError(CONNECTION, "x"), REFUSED))),
        "connection refused",
        False,
    ),
    (requests.ConnectionError(retried(caused(NewConnectionError(CONNECTION, "x"), UNKNOWN))), "no such host", False),
    (requests.ConnectionError(retried(NewConnectionError(CONNECTION, "unreachable"))), "no connection", False),
    (requests.ConnectTimeout(retried(ConnectTimeoutError())), "no connection within the time limit", False),
    (requests.exceptions.ProxyError(retried(urllib3.exceptions.ProxyError("x", OSError()))), "the proxy", False),
    (requests.ReadTimeout(ReadTimeoutError(POOL, "/", "x")), "no answer within the time limit", True),
    (requests.ConnectionError(ProtocolError("x", ConnectionResetError(104, "reset"))), "broke before", True),
    (requests.ConnectionError(ProtocolError("x", http.client.RemoteDisconnected("x"))), "broke before", True),
    (requests.exceptions.ChunkedEncodingError(), "broke before", True),
    (
        requests.exceptions.SSLError(retried(caused(urllib3.exceptions.SSLError("x"), tls("WRONG_VERSION_NUMBER")))),
        "no TLS",
        False,
    ),
    (
        requests.exceptions.SSLError(caused(urllib3.exceptions.SSLError("x"), tls("UNEXPECTED_EOF_WHILE_READING"))),
        "TLS",
        True,
    ),
    (OSError("Could not find a suitable TLS CA certificate bundle, invalid path: /x"), "no PEM bundle", False),
    (requests.exceptions.SSLError(tls("NO_CERTIFICATE_OR_CRL_FOUND")), "no PEM bundle", False),
    (requests.exceptions.InvalidURL("x"), "no connection", False),
    (OSError("something else"), "OSError", True),
]


@pytest.mark.parametrize(("error", "words", "sent"), CASES, ids=[case[1] for case in CASES])
def test_kinds(error: BaseException, words: str, sent: bool) -> None:
    """Each kind of trouble is named, and only one that may have come after sending counts as sent."""
    failure = failure_of(error, URL, "/ca.pem")

    assert type(failure) is ConnectionFailed
    assert words in str(failure)
    assert failure.sent is sent


def test_distrust() -> None:
    """A certificate of an unknown issuer is its own error, naming what was trusted and the way out."""
    error = requests.exceptions.SSLError(retried(caused(urllib3.exceptions.SSLError("x"), distrust())))
    failure = failure_of(error, URL, None)

    assert isinstance(failure, Untrusted)
    assert not failure.sent
    assert "outlook.office365.com: its TLS certificate is not trusted (unable to get local issuer" in str(failure)
    assert "the usual certificate authorities" in str(failure)
    assert "AREA1_CA_FILE" in str(failure)


@pytest.mark.parametrize("error", [case[0] for case in CASES], ids=[case[1] for case in CASES])
def test_host_only(error: BaseException) -> None:
    """Of the address only the host is shown."""
    text = str(failure_of(error, URL, "/ca.pem"))

    assert "adminapi" not in text
    assert "secret" not in text
    assert "pw" not in text

"""HTTP as this package does it: our trust with each call, bodies within limits, the service's clock heard.

The only importer of requests.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from area1_provider.limits import Limits
from area1_provider.service_clock import ServiceClock

Response = requests.Response

CONNECT_SECONDS = 20
ANSWER_SECONDS = 960
"""What the PowerShell module waits: the service may take 15 minutes for a call."""

SIGN_IN = Limits(size=1024 * 1024, seconds=120)
"""The bounds of an answer to a sign-in, which takes a few kilobytes."""


class TrustingSession(requests.Session):
    """A session that passes `verify` with each call, and reads no body without limits.

    Otherwise the environment's REQUESTS_CA_BUNDLE wins over a CA that was named on purpose.
    """

    def __init__(self, ca_file: str | None, service_clock: ServiceClock) -> None:
        super().__init__()
        self.ca_file = ca_file
        self.service_clock = service_clock
        self.headers["Accept-Encoding"] = "identity"

    def request(self, method: str | bytes, url: str | bytes, **options: Any) -> requests.Response:  # type: ignore[override]
        """Send with our trust and, unless the caller has its own, our time limits.

        Raises what requests raises, and `BadAnswer` for a body beyond those of `SIGN_IN` if the caller does not stream it.
        """
        options["verify"] = self.ca_file or True
        options["timeout"] = options.get("timeout") or (CONNECT_SECONDS, ANSWER_SECONDS)
        streamed, options["stream"] = options.get("stream"), True
        response = super().request(method, url, **options)
        if str(url).startswith("https:"):  # what this machine says of itself (IMDS) is no other clock
            self.service_clock.heard(response.headers.get("Date"))
        if not streamed:
            _read(response)
        return response


def _read(response: requests.Response) -> None:
    """Read a body within limits, and leave it where requests would have."""
    encoding = response.headers.get("Content-Encoding", "")
    try:
        body = SIGN_IN.body(urlsplit(response.url).netloc, response.raw, encoding)
    except urllib3.exceptions.HTTPError as error:
        raise requests.exceptions.ChunkedEncodingError(error) from error
    finally:
        response.close()
    response._content = body  # noqa: SLF001  # it has no other way in

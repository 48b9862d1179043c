"""Refusals of the admin API's front, answered before a cmdlet runs. A cmdlet's own errors live in `cmdlets/errors`.

Where no capture of a case is published, status and text are marked unconfirmed beside the class.
"""

from area1_provider.emulator.web.http_errors import Problem
from area1_provider.emulator.web.messages import Answer, Ask

NUL_BODY = bytes(16)
DENIED = "denied"
AUTHORIZE = "https://login.microsoftonline.com/common/oauth2/authorize"
RESOURCE = "00000002-0000-0ff1-ce00-000000000000"


class WrongRoutingHint(Problem):
    """Raised for an X-AnchorMailbox of no known form, or of another tenant.

    Source: the Outlook REST family's error of that name; for this endpoint unconfirmed.
    """

    code = "ErrorIncorrectRoutingHint"


class PageExpired(Problem):
    """Raised when a nextLink is over, of another session, or asked with another body. Source: Microsoft Q&A 1023619."""

    def __init__(self) -> None:
        super().__init__("Expired or Invalid pagination request. Default Expiry time is 00:30:00")


class UnsupportedFormat(Problem):
    """Raised when a client asks for CLIXML, which the offline Exchange does not write."""


class Unauthorized(Exception):
    """Raised when the bearer token is not good: 401, a challenge, no body.

    Source: `WWW-Authenticate` with `claims` as azure-auth parses it; x-ms-diagnostics as azapptoolkit reads it. Whether
    the real body is empty, and the challenge's other parts, are unconfirmed.
    """

    def __init__(self, number: int, reason: str, category: str, claims: str = "") -> None:
        self.number = number
        self.reason = reason
        self.category = category
        self.claims = claims
        super().__init__(reason)

    def answer(self) -> Answer:
        """Give the HTTP answer with its challenge."""
        parts = ['realm=""', f'authorization_uri="{AUTHORIZE}"', f'client_id="{RESOURCE}"']
        if self.claims:
            parts += ['error="insufficient_claims"', f'claims="{self.claims}"']
        elif self.number:
            parts += ['error="invalid_token"']
        headers = {"WWW-Authenticate": "Bearer " + ", ".join(parts)}
        if self.number:
            reason = f'{self.number};reason="{self.reason}";error_category="{self.category}"'
            headers["x-ms-diagnostics"] = reason
        return Answer(401, b"", headers, note=self.category or "no token")


def denied(ask: Ask) -> Answer:
    """Answer for an unknown cmdlet, or one that no role grants: 403 with NUL bytes that claim to be gzip.

    Source: measured by azure-auth and graph2otel. A client that does not take gzip is spared the claim (azure-auth's
    way round it; the body that comes then is unconfirmed).
    """
    claim = {"Content-Encoding": "gzip"} if _takes_gzip(ask.headers.get("accept-encoding")) else {}
    return Answer(403, NUL_BODY, {**claim, "Content-Type": "application/json"}, note=DENIED)


def _takes_gzip(accepted: str | None) -> bool:
    """Read Accept-Encoding (RFC 9110 12.5.3); where it is absent, anything is taken."""
    if accepted is None:
        return True
    weights = {}
    for one in accepted.lower().split(","):
        coding, _, weight = one.partition(";")
        weights[coding.strip()] = weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return weights.get("gzip", weights.get("*", False))

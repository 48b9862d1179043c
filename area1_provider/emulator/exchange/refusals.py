"""Refusals of the admin API's front, answered before a cmdlet runs. A cmdlet's own errors live in `cmdlets/errors`.

Where no capture of a case is published, status and text are marked unconfirmed beside the class.
"""

from area1_provider.emulator.web.http_errors import Problem
from area1_provider.emulator.web.messages import Answer

NUL_BODY = bytes(16)
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


def denied() -> Answer:
    """Answer for an unknown cmdlet, or one that no role grants: 403 with NUL bytes that claim to be gzip.

    Source: measured by azure-auth and graph2otel.
    """
    return Answer(403, NUL_BODY, {"Content-Encoding": "gzip", "Content-Type": "application/json"}, note="denied")

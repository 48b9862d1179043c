"""Refusals that the service's front answers before a cmdlet runs. A cmdlet's own errors live in errors.py.

The envelope is the one that all published error bodies share. Where no capture of a case is published,
status and text are marked unconfirmed beside the class.
"""

from collections.abc import Mapping
from typing import Any

from area1_provider.emulator.messages import Answer, json_answer

ODATA_EXCEPTION = "Microsoft.Exchange.Admin.OData.Core.ODataServiceException"
NUL_BODY = bytes(16)
AUTHORIZE = "https://login.microsoftonline.com/common/oauth2/authorize"
RESOURCE = "00000002-0000-0ff1-ce00-000000000000"


def envelope(code: str, message: str, text: str = "") -> dict[str, Any]:
    """Give the error body of the admin API: a code, a generic message, the human text below it."""
    inner = {"message": text or message, "type": ODATA_EXCEPTION, "stacktrace": ""}
    return {"error": {"code": code, "message": message, "innererror": inner}}


class Problem(Exception):
    """Root: raised where the front refuses. `text` is for people."""

    status = 400
    code = "BadRequest"

    def __init__(self, text: str, headers: Mapping[str, str] | None = None) -> None:
        self.text = text
        self.headers = dict(headers or {})
        super().__init__(text)

    def answer(self) -> Answer:
        """Give the HTTP answer."""
        headers = {"x-ExceptionType": ODATA_EXCEPTION, **self.headers}
        return json_answer(envelope(self.code, self.text), self.status, headers, note=self.code)


class MalformedBody(Problem):
    """Raised when the body is not the JSON that the endpoint takes. Texts: unconfirmed."""


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


class UnsupportedMediaType(Problem):
    """Raised when the body is not declared as JSON in UTF-8. Status: unconfirmed."""

    status, code = 415, "UnsupportedMediaType"


class TooLarge(Problem):
    """Raised when the body is larger than the front takes. The real limit is unconfirmed."""

    status, code = 413, "RequestEntityTooLarge"


class NoSuchPath(Problem):
    """Raised for a path that is not served."""

    status, code = 404, "NotFound"


class WrongMethod(Problem):
    """Raised for a method that the path does not take, and for InvokeCommand under v1.0 (measured by azure-auth)."""

    status, code = 405, "MethodNotAllowed"


class WrongHost(Problem):
    """Raised when no absolute URL can be made of the Host header."""

    code = "BadRequest"


class ServerTrouble(Problem):
    """Raised when the emulator itself failed; a defect here, never a state of the tenant."""

    status, code = 500, "InternalServerError"


def denied() -> Answer:
    """Answer for an unknown cmdlet, or one that no role grants: 403 with NUL bytes that claim to be gzip.

    Source: measured by azure-auth and graph2otel.
    """
    return Answer(403, NUL_BODY, {"Content-Encoding": "gzip", "Content-Type": "application/json"}, note="denied")


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

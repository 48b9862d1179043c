"""Refusals that any part of the server may answer. Those of the admin API live in `exchange/refusals.py`.

The envelope is the one that all published error bodies share. Where no capture of a case is published, status and
text are marked unconfirmed beside the class.
"""

from collections.abc import Mapping
from typing import Any

from area1_provider.emulator.web.messages import Answer, json_answer

ODATA_EXCEPTION = "Microsoft.Exchange.Admin.OData.Core.ODataServiceException"


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

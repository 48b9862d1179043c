"""The form of an error that a cmdlet answers with, and the one that is no answer at all.

The errors themselves stand beside this file. Nothing here knows HTTP beyond the number of the status.
"""

from typing import Any, ClassVar

ODATA_EXCEPTION = "Microsoft.Exchange.Admin.OData.Core.ODataServiceException"
TASKS = "Microsoft.Exchange.Configuration.Tasks"
INVOCATION = "Microsoft.Exchange.AdminApi.CommandInvocation"
MANAGEMENT = "Microsoft.Exchange.Management.Tasks"
DIRECTORY = "Microsoft.Exchange.Data.Directory"


class CmdletNotOffered(Exception):
    """Raised when the cmdlet does not exist or none of the caller's roles grants it.

    The service does not tell the two apart and sends a 403 whose body is zero bytes (measured by the authors of
    azure-auth and graph2otel).
    """

    def __init__(self, cmdlet: str) -> None:
        self.cmdlet = cmdlet
        super().__init__(f"{cmdlet}: unknown, or not granted to the caller")


class CmdletError(Exception):
    """Root of what a cmdlet answers with; `kind` is the full name of the exception's type on the wire."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "BadRequest"
    summary: ClassVar[str] = "Error executing cmdlet"
    origin: ClassVar[str] = "Context"
    kind: ClassVar[str] = "System.Exception"
    message_id: ClassVar[str] = ""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(text)

    def body(self) -> dict[str, Any]:
        """The answer's JSON: the envelope published in Microsoft365DSC issue 2998 and graph2otel's fixtures."""
        detail = {"code": self.origin, "target": "", "message": f"{self.message_id}|{self.kind}|{self.text}"}
        return {"error": {**self._head(), "details": [detail], "innererror": self._inner()}}

    def _head(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.summary}

    def _inner(self) -> dict[str, Any]:
        cause = {"message": self.text, "type": self.kind, "stacktrace": ""}
        return {"message": self.summary, "type": ODATA_EXCEPTION, "stacktrace": "", "internalexception": cause}

"""The errors that people and code meet. Texts are whole: what happened, where, and the way out.

::

    Area1Error
    ├── SettingsError             a setting or a stack config value is missing, misspelt or contradictory
    ├── SignInError               Entra (or the machine's identity) gave no token
    ├── WrongTenant               the credentials, the config and the state do not name one tenant
    ├── ConnectionFailed          nothing answered: refused, reset, timed out, name not found
    │   ├── NotListening          nothing listens at that address of this machine
    │   └── Untrusted             something answered whose TLS certificate is not trusted
    ├── BadAnswer                 an answer that is not what the protocol describes
    ├── AnswerLost                whether a create was carried out could not be found out
    ├── Refused                   refused here, before Exchange was asked to change anything
    └── ExchangeError             Exchange answered with an error
        ├── NotFound              no such object: the only error that ever means "gone"
        ├── AlreadyExists         an object of that name or address is there
        ├── AlreadyMember         the recipient is in the group
        ├── NotMember             the recipient is not in the group
        ├── Ambiguous             the identity names several objects
        ├── Denied                cmdlet or parameter not granted to this identity
        ├── Unauthenticated       the token was not accepted
        │   └── TokenKept         nor was there another one to be had
        ├── Transient             worth another try: throttled, overloaded, moved
        └── Dehydrated            Enable-OrganizationCustomization has not been run

Nothing here imports anything: every layer may raise these.
"""

from collections.abc import Sequence
from typing import Self


class Area1Error(Exception):
    """Root of the tree; catch it to catch everything that this package raises on purpose."""


class SettingsError(Area1Error):
    """Raised when settings do not fit together; names every problem at once.

    `problems` holds one line each, place first.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class SignInError(Area1Error):
    """Raised when no token was given. `code` is Entra's (`AADSTS7000215`) or empty."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class WrongTenant(Area1Error):
    """Raised before the first write when tenants disagree; the text names each of them.

    `token_tenant` is the GUID of the tenant that the token is for, empty if that is not known.
    """

    def __init__(self, message: str, token_tenant: str = "") -> None:
        super().__init__(message)
        self.token_tenant = token_tenant


class ConnectionFailed(Area1Error):
    """Raised when no answer came. `sent` is true if the request may have reached the service."""

    def __init__(self, message: str, *, sent: bool = False) -> None:
        super().__init__(message)
        self.sent = sent


class NotListening(ConnectionFailed):
    """Raised when this machine itself refuses the connection: there is nothing to wait for."""


class Untrusted(ConnectionFailed):
    """Raised when the other side's certificate is not signed by a trusted authority."""


class BadAnswer(Area1Error):
    """Raised when an answer is no JSON, is cut, is too large, or points to a host that is not trusted.

    `sent` is true if the service may have carried the request out all the same.
    """

    def __init__(self, message: str, *, sent: bool = True) -> None:
        super().__init__(message)
        self.sent = sent


class AnswerLost(Area1Error):
    """Raised when a create may or may not have made its object; names the object and the way to bring it in."""


class Refused(Area1Error):
    """Raised when the provider itself will not go on; nothing has been changed."""


class ExchangeError(Area1Error):
    """Raised when Exchange answered with an error that no subclass names.

    `cmdlet` is what was asked, `status` the HTTP status, `kind` the exception type without its
    namespace, `reason` the server's own text, `request_id` what Microsoft's support asks for.
    """

    advice = ""

    def __init__(self, cmdlet: str, reason: str, *, status: int = 0, kind: str = "", request_id: str = "") -> None:
        self.cmdlet = cmdlet
        self.reason = reason
        self.status = status
        self.kind = kind
        self.request_id = request_id
        super().__init__(self.describe())

    def describe(self) -> str:
        """Give the whole message: cmdlet, the server's text, what to do, how to find it again."""
        facts = ", ".join(
            part
            for part in (
                f"HTTP {self.status}" if self.status else "",
                self.kind,
                f"request-id {self.request_id}" if self.request_id else "",
            )
            if part
        )
        said = f"{self.cmdlet}: {self.reason}" + (f" ({facts})" if facts else "")
        return f"{said}\n{self.advice}" if self.advice else said


class NotFound(ExchangeError):
    """Raised when Exchange has no such object. Exchange: ManagementObjectNotFoundException."""


class AlreadyExists(ExchangeError):
    """Raised when the name or address is taken. Exchange: ADObjectAlreadyExistsException."""


class AlreadyMember(ExchangeError):
    """Raised when a member to add is there. Exchange: MemberAlreadyExistsException."""


class NotMember(ExchangeError):
    """Raised when a member to remove is not there (known by its text only)."""


class Ambiguous(ExchangeError):
    """Raised when several objects match an identity."""

    advice = "Name it by its Guid, which is unique."


class Denied(ExchangeError):
    """Raised when the cmdlet or a parameter is not granted, or the cmdlet is unknown."""

    advice = (
        "The identity needs the app role Exchange.ManageAsApp (admin consent given) and an Exchange role that "
        "grants this cmdlet; fresh grants take minutes to arrive. `area1 doctor` tells which one is missing."
    )


class Unauthenticated(ExchangeError):
    """Raised when the token is not accepted, also after a fresh one was fetched."""

    advice = (
        "The app registration needs the app role Exchange.ManageAsApp with admin consent, and the token must be "
        "for this tenant. `area1 doctor` tells what is missing."
    )


class TokenKept(Unauthenticated):
    """Raised when the token is not accepted and signing in anew gave the same one again."""

    advice = (
        "Signing in anew gave the same token: the Azure CLI keeps its own, and a machine's platform its identity's for up "
        "to 24 hours. If it was accepted before, it has been revoked: az logout, then az login; or wait. If it never was, "
        "it is older than what was granted, or the app role Exchange.ManageAsApp is missing: `area1 doctor` tells."
    )

    @classmethod
    def of(cls, one: Unauthenticated) -> Self:
        """Give the same refusal as this one."""
        return cls(one.cmdlet, one.reason, status=one.status, kind=one.kind, request_id=one.request_id)


class Transient(ExchangeError):
    """Raised when the service asked to come back later, and later was tried often enough.

    `retry_after_text` is the header as it came: seconds, a date, or empty.
    """

    advice = "The service was too busy for every try. Nothing is lost: run the same command again later."
    retry_after_text: str = ""

    @property
    def sent(self) -> bool:
        """Say whether the service may have carried the request out: not where it turned us away at the door."""
        throttled = self.status == 429 or "concurrent requests" in self.reason  # noqa: PLR2004  # RFC 6585
        return not throttled


class Dehydrated(ExchangeError):
    """Raised when the organization was never customized."""

    advice = (
        "Run Enable-OrganizationCustomization once in Exchange Online PowerShell (it cannot be undone), wait up to an "
        "hour, then run this again."
    )

"""Every error body that was published becomes the typed error that it means."""

import json
from typing import Any

import pytest

from area1_provider import envelope, errors

ODATA = "Microsoft.Exchange.Admin.OData.Core.ODataServiceException"
NOT_FOUND = (
    "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be "
    "performed because object 'x' couldn't be found on 'NAMPR03A010DC003.PROD.OUTLOOK.COM'."
)


def body(code: str, message: str, *details: str, internal: tuple[str, str] | None = None) -> bytes:
    """Give an error body as the endpoint builds them."""
    inner: dict[str, Any] = {"message": message, "type": ODATA, "stacktrace": ""}
    if internal:
        inner["internalexception"] = {"type": internal[0], "message": internal[1], "stacktrace": ""}
    error: dict[str, Any] = {"code": code, "message": message, "innererror": inner}
    if details:
        error["details"] = [{"code": "Context", "target": "", "message": text} for text in details]
    return json.dumps({"error": error}).encode()


def said(text: str, kind: str = "", message_id: str = "") -> bytes:
    """Give an error whose details name type and text."""
    return body("BadRequest", "Error executing cmdlet", f"{message_id}|{kind}|{text}")


PUBLISHED = [
    ("Microsoft365DSC 2998", 404, body("NotFound", "Error executing cmdlet", NOT_FOUND), errors.NotFound, "couldn't"),
    ("azapptoolkit: not found as 400", 400, body("BadRequest", "x", NOT_FOUND), errors.NotFound, "couldn't be found"),
    (
        "CIPP: mailbox",
        404,
        said(
            "The specified mailbox Identity:x doesn't exist",
            "Microsoft.X.ManagementObjectNotFoundException",
            "Ex41BAF5",
        ),
        errors.NotFound,
        "doesn't exist",
    ),
    ("go-exoscc: id alone", 404, said("gone", "", "Ex6F9304"), errors.NotFound, "gone"),
    (
        "graph2otel: unknown parameter",
        400,
        body(
            "BadRequest",
            "Invalid Operation",
            "|Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException|Parameter set cannot be "
            "resolved using the specified named parameters. Invalid cmdlet parameters specified. BogusParameter",
        ),
        errors.ExchangeError,
        "BogusParameter",
    ),
    (
        "graph2otel: invalid enumeration, no details",
        400,
        body(
            "BadRequest",
            "Invalid Operation",
            internal=(
                "Microsoft.Exchange.AdminApi.CommandInvocation.ParameterTransformationException",
                "Cannot process argument transformation on parameter 'QuarantineTypes'.",
            ),
        ),
        errors.ExchangeError,
        "QuarantineTypes",
    ),
    (
        "office-docs 7970: 401",
        401,
        body("Unauthorized", "User is not allowed to call Get-Mailbox"),
        errors.Denied,
        "not allowed to call Get-Mailbox",
    ),
    ("go-exoscc: 403", 403, body("Forbidden", "User is not allowed to call X"), errors.Denied, "not allowed"),
    (
        "already exists",
        400,
        said("The object 'x' already exists.", "Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException"),
        errors.AlreadyExists,
        "already exists",
    ),
    (
        "CIAOPS",
        400,
        said("The name is already being used. Please try another name."),
        errors.AlreadyExists,
        "being used",
    ),
    (
        "proxy-address-being-used",
        400,
        said('The proxy address "SMTP:a@b.c" is already being used by the proxy addresses of "CN=x".'),
        errors.AlreadyExists,
        "SMTP:a@b",
    ),
    (
        "CIPP: member by type",
        400,
        said("text", "Microsoft.Exchange.Management.Tasks.MemberAlreadyExistsException"),
        errors.AlreadyMember,
        "text",
    ),
    ("M365DSC 6426", 400, said('The recipient "x" is already a member of the group "y".'), errors.AlreadyMember, "x"),
    ("azapptoolkit: not a member", 400, said("x isn't a member of the group y."), errors.NotMember, "isn't a member"),
    (
        "M365DSC 3741: several, typed as not found",
        404,
        said("'IT Team' matches multiple entries.", "Microsoft.X.ManagementObjectNotFoundException", "Ex9E65A2"),
        errors.Ambiguous,
        "IT Team",
    ),
    ("CIPP: several", 400, said("There are multiple recipients matching identity 'x'."), errors.Ambiguous, "multiple"),
    (
        "M365DSC: role",
        400,
        said("A parameter is not present in the role definition of the current user."),
        errors.Denied,
        "role definition",
    ),
    (
        "microsoft-365-docs 7403",
        400,
        said("not allowed", "Microsoft.Exchange.Configuration.Tasks.InvalidOperationInDehydratedContextException"),
        errors.Dehydrated,
        "Enable-OrganizationCustomization",
    ),
    (
        "module: transient type in 400",
        400,
        said("busy", "Microsoft.Exchange.Data.Directory.DCOverloadedException"),
        errors.Transient,
        "busy",
    ),
    (
        "concurrent requests under any status",
        400,
        body("BadRequest", "You have reached the maximum number of concurrent requests per tenant. Please wait"),
        errors.Transient,
        "concurrent",
    ),
    ("throttled", 429, b"", errors.Transient, "429"),
    ("gateway", 502, b"<html>Bad Gateway</html>", errors.Transient, "Bad Gateway"),
    (
        "details as JSON with TypeName",
        400,
        body("BadRequest", "x", json.dumps({"Message": "gone", "TypeName": "A.B.ManagementObjectNotFoundException"})),
        errors.NotFound,
        "gone",
    ),
    (
        "details as JSON with ClassName",
        400,
        body("BadRequest", "x", json.dumps({"ClassName": "A.ADObjectAlreadyExistsException", "Message": "there"})),
        errors.AlreadyExists,
        "there",
    ),
    ("details as plain text", 400, body("BadRequest", "x", "something went wrong"), errors.ExchangeError, "went wrong"),
    ("wrong version", 405, b"", errors.ExchangeError, "405"),
    ("bare 404", 404, b"<html>Not Found</html>", errors.ExchangeError, "Not Found"),
    ("404 in JSON without a type", 404, body("NotFound", "No HTTP resource was found"), errors.ExchangeError, "HTTP"),
    ("office-docs 8927", 403, body("Forbidden", "isn't assigned to any management roles"), errors.Denied, "roles"),
    ("error as text", 400, b'{"error":"plainly"}', errors.ExchangeError, "plainly"),
    ("nothing", 400, b"{}", errors.ExchangeError, "{}"),
]


@pytest.mark.parametrize(
    ("status", "content", "kind", "text"), [case[1:] for case in PUBLISHED], ids=[c[0] for c in PUBLISHED]
)
def test_published_bodies(status: int, content: bytes, kind: type[errors.ExchangeError], text: str) -> None:
    """Each published body gives exactly its class, with cmdlet, server's text, status and request id in the message."""
    with pytest.raises(errors.ExchangeError) as caught:
        envelope.read("Get-Thing", status, {"request-id": "7f"}, content)

    assert type(caught.value) is kind
    assert text in str(caught.value)
    assert "Get-Thing" in str(caught.value)
    assert f"HTTP {status}" in str(caught.value)
    assert "request-id 7f" in str(caught.value)


@pytest.mark.parametrize(
    "payload",
    [
        {"@adminapi.errors": ["it failed"], "value": []},
        {"error": {"message": "it failed"}},
        {"@odata.error": {"message": "it failed"}, "value": []},
        {"@adminapi.errors": [{"message": "it failed"}]},
    ],
)
def test_failure_inside_a_200(payload: dict[str, Any]) -> None:
    """A 200 that carries an error is an error (module, ScubaGear)."""
    with pytest.raises(errors.ExchangeError, match="it failed"):
        envelope.read("Set-Thing", 200, {}, json.dumps(payload).encode())


@pytest.mark.parametrize("status", [200, 400, 403, 404, 500])
@pytest.mark.parametrize(
    "content",
    [
        b'{"error":7}',
        b'{"error":[]}',
        b'{"error":{"details":7,"innererror":7}}',
        b'{"error":{"details":[7]}}',
        b'{"error":{"details":[{"message":7}]}}',
        b'{"error":{"innererror":{"internalexception":[1]}}}',
        b'{"@adminapi.errors":{"a":1}}',
        b"[" * 100_000,
        b"\xff\xfe\x00",
        b'{"value":[{"a":1}],"@adminapi.warnings":7}',
    ],
)
def test_bodies_of_any_shape(status: int, content: bytes) -> None:
    """Whatever the shape: objects or one of our errors, never another exception."""
    try:
        answer = envelope.read("Get-Thing", status, {}, content)
    except errors.Area1Error as error:
        assert str(error).strip()  # noqa: PT017  # either outcome is right
    else:
        assert status == 200
        assert all(isinstance(one, dict) for one in answer.objects)


def test_a_page_of_html_is_cut() -> None:
    """A page of HTML does not fill the screen."""
    with pytest.raises(errors.ExchangeError) as caught:
        envelope.read("Get-Thing", 400, {}, b"<p>" * 10_000)

    assert len(str(caught.value)) < 400


def test_retry_after_is_kept() -> None:
    """A transient error keeps the header for the policy to judge."""
    with pytest.raises(errors.Transient) as caught:
        envelope.read("Get-Thing", 429, {"Retry-After": "12"}, b"")

    assert caught.value.retry_after_text == "12"

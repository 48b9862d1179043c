"""What a broken or hostile server might say, drawn by hypothesis. What must come of it is the tests' affair."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

NAMES = (
    *(
        "value",
        "error",
        "@odata.error",
        "@adminapi.errors",
        "@adminapi.warnings",
        "@odata.nextLink",
        "message",
        "details",
    ),
    *(
        "innererror",
        "internalexception",
        "type",
        "code",
        "Guid",
        "Identity",
        "Name",
        "Enabled",
        "SmartHosts",
        "Members",
    ),
    *(
        "ExchangeObjectId",
        "JournalEmailAddress",
        "JournalingReportNdrTo",
        "RecipientDomains",
        "WhenCreatedUTC",
        "GroupType",
    ),
    *(
        "EmailAddresses",
        "ManagedBy",
        "TlsSettings",
        "JournalMessageExpirationDays",
        "IsValidated",
        "TaskName",
        "exportedCmdlets",
    ),
)
TEXTS = (
    *(
        "",
        "\0",
        "already exists",
        "couldn't be found",
        "Ex6F9304|x|y",
        "|Microsoft.X.ManagementObjectNotFoundException|gone",
    ),
    *(
        '{"TypeName": 7, "Message": []}',
        "{",
        "https://evil.example/",
        "//evil.example",
        "/adminapi/beta/x/InvokeCommand",
    ),
    *("matches multiple entries", "maximum number of concurrent requests", "9" * 400, "\ud800", "2026-13-99", "-1"),
)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from(TEXTS),
    st.text(max_size=12),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=6), inner, max_size=5)
    ),
    max_leaves=14,
)
objects = st.dictionaries(st.sampled_from(NAMES), values, max_size=8)
envelopes = st.fixed_dictionaries(
    {},
    optional={
        "value": st.lists(objects, max_size=3) | values,
        "error": values | objects,
        "@odata.nextLink": values,
        "@adminapi.errors": values,
        "@adminapi.warnings": values,
    },
)
DEEP = (b"[" * 100_000, b'{"value":' * 50_000, b'{"value":[' + b'{"a":' * 3_000 + b"1" + b"}" * 3_000 + b"]}")


def encoded(value: Any) -> bytes:
    """Give JSON as a careless server would write it: NaN and half characters included."""
    return json.dumps(value).encode("utf-8", "surrogatepass")


@st.composite
def cut(draw: st.DrawFn) -> bytes:
    """Give JSON that ends somewhere, with a byte changed."""
    body = bytearray(encoded(draw(envelopes)))
    if body:
        body[draw(st.integers(0, len(body) - 1))] = draw(st.integers(0, 255))
    return bytes(body[: draw(st.integers(0, len(body)))])


bodies = st.one_of(
    envelopes.map(encoded),
    values.map(encoded),
    cut(),
    st.binary(max_size=200),
    st.integers(0, 2).map(DEEP.__getitem__),
    st.just(b"\0" * 64),
)
statuses = st.sampled_from(
    [200, 200, 200, 201, 204, 206, 299, 300, 304, 400, 401, 403, 404, 405, 409, 418, 429, 500, 503, 599]
)
headers = st.dictionaries(
    st.sampled_from(["Retry-After", "Location", "WWW-Authenticate", "Content-Encoding", "request-id", "Date"]),
    st.sampled_from(
        [
            *(
                "",
                "0",
                "-1",
                "9" * 50,
                "soon",
                "gzip",
                'Bearer claims="!!!"',
                'Bearer claims="eyJhIjoxfQ=="',
                "https://evil.example/",
            )
        ]
    ),
    max_size=3,
)

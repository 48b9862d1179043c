"""Refusals: Entra's code, what it means here, what to do, in one message."""

import string

import pytest

from area1_provider.auth.channel import Said
from area1_provider.auth.refusals import MEANINGS, explained, refusal, unreadable
from area1_provider.settings import load

TENANT = "contoso.onmicrosoft.com"
SETTINGS = load({"ARM_TENANT_ID": TENANT, "ARM_CLIENT_ID": "my-app", "ARM_CLIENT_SECRET": "s3cret"}, {})
WRONG = {
    "error": "invalid_client",
    "error_description": (
        "AADSTS7000215: Invalid client secret provided. Trace ID: 1 Correlation ID: 2 Timestamp: 2026-11-23 10:00:00Z"
    ),
    "correlation_id": "corr-1",
}


def test_wrong_secret() -> None:
    """A refusal says where and how it was tried, what it means, the way out, Entra's words and whom to ask."""
    error = refusal(SETTINGS, WRONG)

    assert error.code == "AADSTS7000215"
    first, *others = str(error).splitlines()
    assert first == (
        "Signing in to contoso.onmicrosoft.com by client secret failed: the client secret is wrong; often its id was "
        "copied in place of its value (AADSTS7000215)."
    )
    assert others == [
        "Make a new one (az ad app credential reset --append --id my-app) and set it as ARM_CLIENT_SECRET.",
        "https://login.microsoftonline.com said: AADSTS7000215: Invalid client secret provided.",
        "Correlation id for Microsoft's support: corr-1",
    ]


@pytest.mark.parametrize("code", sorted(MEANINGS))
def test_every_meaning(code: int) -> None:
    """Each known code gives its number and a whole message, with no placeholder left in it."""
    error = explained(SETTINGS, f"AADSTS{code}: said.")

    assert error.code == f"AADSTS{code}"
    assert "{" not in str(error)
    assert str(error).count("\n") == 2


def test_meanings_name_only_what_is_known() -> None:
    """The table's placeholders are those that are filled."""
    texts = [text for meaning in MEANINGS.values() for text in meaning]
    names = {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}

    places = {"tenant_at", "client_at", "cloud_at", "token_at", "secret_set"}
    assert names == {"tenant", "client", "resource"} | places


@pytest.mark.parametrize(
    ("environ", "config", "explicit", "words"),
    [
        ({"AZURE_CLIENT_SECRET": "s"}, {}, False, "set it as AZURE_CLIENT_SECRET."),
        (
            {"ARM_CLIENT_SECRET_FILE_PATH": "f"},
            {},
            False,
            "write it to the file that ARM_CLIENT_SECRET_FILE_PATH names.",
        ),
        (
            {},
            {"client_secret": "s"},
            False,
            "set it as area1:client_secret; refresh and destroy use the one that the last",
        ),
        (
            {"ARM_CLIENT_SECRET": "x"},
            {"client_secret": "s"},
            True,
            "set it as client_secret of the Tenant; refresh and",
        ),
        ({"ARM_CLIENT_SECRET": "x"}, {}, True, "set it as ARM_CLIENT_SECRET."),
    ],
)
def test_way_out_names_the_place_that_the_secret_came_from(
    environ: dict[str, str], config: dict[str, str], words: str, *, explicit: bool
) -> None:
    """Environment, file, stack config or a `Tenant`: advice is for the place in force, and for a secret that is saved."""
    app = {"tenant": TENANT, "client_id": "my-app", **config}
    settings = load(environ, app, explicit=explicit, read=lambda _: "s")

    assert words in str(refusal(settings, WRONG))


def test_tenants_own_settings_are_named_as_such() -> None:
    """What is wrong with a `Tenant` is not laid at a variable's door that has nothing to do with it."""
    own = {"tenant": TENANT, "client_id": "my-app", "client_secret": "s"}
    settings = load({"ARM_TENANT_ID": "x.example", "ARM_CLIENT_ID": "other"}, own, explicit=True)
    text = str(explained(settings, "AADSTS700016: Application with identifier 'my-app' was not found."))

    assert "Check client_id of the Tenant" in text
    assert "Check tenant of the Tenant" in text
    assert "ARM_CLIENT_ID" not in text


def test_secret_that_is_said_back_is_not_shown() -> None:
    """A server that repeats what it was sent shows no secret; a short one does not black out our own words."""
    echo = "AADSTS7000215: client_secret=canary-7f3a-secret is wrong"
    telling = load({"ARM_TENANT_ID": TENANT, "ARM_CLIENT_ID": "a", "ARM_CLIENT_SECRET": "canary-7f3a-secret"}, {})
    short = load({"ARM_TENANT_ID": TENANT, "ARM_CLIENT_ID": "a", "ARM_CLIENT_SECRET": "secret"}, {})

    assert "client_secret=(secret) is wrong" in str(explained(telling, echo))
    assert "canary" not in str(unreadable(telling, Said(502, f"<html>{echo}</html>", None)))
    assert "the client secret is wrong" in str(explained(short, echo))


def test_unknown_code() -> None:
    """A code that is not in the table keeps its number and Entra's words."""
    error = explained(SETTINGS, "AADSTS9999999: Something new.")

    assert error.code == "AADSTS9999999"
    assert "it was refused (AADSTS9999999)" in str(error)
    assert "Something new." in str(error)


def test_no_code() -> None:
    """A refusal without a code has none, and says what was said."""
    error = refusal(SETTINGS, {"error": "temporarily_unavailable"})

    assert error.code == ""
    assert "temporarily_unavailable" in str(error)


@pytest.mark.parametrize(("ahead", "words"), [(3600.0, "3600 s ahead of"), (-120.0, "120 s behind")])
def test_clock_is_measured(ahead: float, words: str) -> None:
    """Where time is the trouble, the difference to the sign-in host's clock is said."""
    said = Said(401, "", ahead)

    assert words in str(explained(SETTINGS, "AADSTS700024: not within its valid time range.", said))
    assert "clock" not in str(explained(SETTINGS, "AADSTS7000215: Invalid.", said))


@pytest.mark.parametrize("ahead", [None, 20.0])
def test_clock_that_is_right(ahead: float | None) -> None:
    """A clock that is right, or cannot be compared, is not blamed with a number."""
    assert " s ahead" not in str(explained(SETTINGS, "AADSTS700024: x", Said(401, "", ahead)))


def test_discovery_refused() -> None:
    """A tenant that does not exist is met at discovery already, in an answer that msal hides."""
    said = Said(400, '{"error": "invalid_tenant", "error_description": "AADSTS90002: Tenant \'x\' not found."}', 0.0)
    error = unreadable(SETTINGS, said)

    assert error.code == "AADSTS90002"
    assert "there is no tenant contoso.onmicrosoft.com in this cloud" in str(error)


@pytest.mark.parametrize("text", ["<html>Proxy</html>", "", "[]", '"error"'])
def test_no_sign_in_host(text: str) -> None:
    """A host that answers something else is named with its status and words."""
    error = unreadable(SETTINGS, Said(200, text, None))

    assert "is no sign-in host: it answered HTTP 200" in str(error)
    assert (text or "(nothing)") in str(error)


def test_long_texts_are_cut() -> None:
    """A page of text does not become a page of message."""
    assert len(str(unreadable(SETTINGS, Said(200, "x" * 10_000, None)))) < 700


def test_nothing_sent() -> None:
    """What failed before anything was sent says so."""
    assert "failed before anything was sent" in str(unreadable(SETTINGS, None))

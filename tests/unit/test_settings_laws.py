"""Settings: what holds for every combination of variables and config keys."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from area1_provider.errors import SettingsError
from area1_provider.settings import CONFIG_KEYS, Settings, load
from area1_provider.settings.keys import KEYS

CANARY = "canary-7f3a"
GUID = "7d1f7f4a-0000-4000-8000-00000000000a"
SECRETS = ("client_secret", "client_certificate_password", "oidc_token", "oidc_request_token", "client_certificate")
VARIABLES = sorted(name for key in KEYS.values() for name in (*key.arm, *key.azure))
SECRET_VARIABLES = sorted(name for secret in SECRETS for name in (*KEYS[secret].arm, *KEYS[secret].azure))
CHARACTERS = string.printable + "é\u00a0\u2028\ud7ff\U0001f600\0"

plausible = st.sampled_from(
    ["", " ", "true", "false", "yes", "public", "mars", GUID, "contoso.com", "https://localhost:1", "https://x.example"]
)
anything = plausible | st.text(CHARACTERS, max_size=30)
environs = st.dictionaries(st.sampled_from(VARIABLES), anything, max_size=12)
configs: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.sampled_from(sorted(CONFIG_KEYS)), anything | st.booleans() | st.none(), max_size=8
)


def read(path: str) -> str:
    """Stand for a disk where every second file is unreadable."""
    if len(path) % 2:
        raise PermissionError(13, "Permission denied", path)
    return "from a file"


def attempt(environ: dict[str, str], config: dict[str, Any], *, explicit: bool) -> Settings | SettingsError:
    """Give whichever of the two outcomes there are."""
    try:
        return load(environ, config, explicit=explicit, read=read)
    except SettingsError as error:
        return error


@given(environs, configs, st.booleans())
def test_only_two_outcomes(environ: dict[str, str], config: dict[str, Any], explicit: bool) -> None:
    """Whatever is set, the outcome is whole settings or a SettingsError with at least one problem."""
    outcome = attempt(environ, config, explicit=explicit)

    if isinstance(outcome, SettingsError):
        assert outcome.problems
        assert all(problem.strip() for problem in outcome.problems)
        assert len(set(outcome.problems)) == len(outcome.problems)
    else:
        assert outcome.exchange_url.startswith("https://")
        assert outcome.authority_host.startswith("https://")
        assert outcome.tenant


@given(environs, configs, st.sets(st.sampled_from(SECRET_VARIABLES), min_size=1), st.booleans())
def test_no_secret_shows(environ: dict[str, str], config: dict[str, Any], secret: set[str], explicit: bool) -> None:
    """No secret, wherever it is set, shows in repr, in the origin, or in a refusal's text."""
    outcome = attempt(environ | dict.fromkeys(secret, CANARY), config, explicit=explicit)

    assert CANARY not in repr(outcome)
    assert CANARY not in str(outcome)
    if isinstance(outcome, Settings):
        assert CANARY not in str(dict(outcome.origin))


@given(environs, configs)
def test_every_origin_is_set(environ: dict[str, str], config: dict[str, Any]) -> None:
    """The origin of every setting names a variable or config key that was really set."""
    outcome = attempt(environ, config, explicit=False)

    if isinstance(outcome, Settings):
        for place in outcome.origin.values():
            assert environ.get(place) or config.get(place.removeprefix("area1:")) is not None


@given(environs, st.sampled_from(["example.org", "localhost.example.org", "10.0.0.1", "outlook.office365.com.example"]))
def test_no_secret_leaves(environ: dict[str, str], host: str) -> None:
    """Without leave in the environment no combination sends anything to a host of somebody else's."""
    given_environ = {**environ, "AREA1_AUTHORITY_HOST": f"https://{host}"}
    given_environ.pop("AREA1_ALLOW_CUSTOM_ENDPOINT", None)

    with pytest.raises(SettingsError):
        load(given_environ, {"allow_custom_endpoint": "true"}, read=read)


@given(environs, configs)
def test_case_of_nothing_matters(environ: dict[str, str], config: dict[str, Any]) -> None:
    """Blank variables are variables that are not set."""
    blanks = dict.fromkeys(VARIABLES, "  ") | environ

    assert repr(attempt(blanks, config, explicit=False)) == repr(attempt(environ, config, explicit=False))

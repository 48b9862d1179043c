"""What the tests of drift share: the documented schema, and a browser where there is one."""

import json
import os
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHECKOUT = Path(__file__).parents[3]


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker of tests that need a browser."""
    config.addinivalue_line("markers", "browser: needs a Chromium on PATH, or named by CHROMIUM")


@pytest.fixture(scope="session")
def schema() -> Draft202012Validator:
    """The form of `area1 drift --json` as docs/ci describes it."""
    described = json.loads((CHECKOUT / "docs/ci/drift.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(described)
    return Draft202012Validator(described)


@pytest.fixture(scope="session")
def chromium() -> str:
    """A headless browser's command; without one the test is left out, and says so."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        pytest.skip(f"left out: no browser (none of {', '.join(BROWSERS)} on PATH, and CHROMIUM is not set)")
    return found

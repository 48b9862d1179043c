"""The stack configs are ones that the program takes."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from docs_pages import STACKS, name_of

from area1_provider.guide import JournalingArgs, problems
from area1_provider.settings import load
from area1_provider.stack import journaling_args

SIGN_IN = {"ARM_CLIENT_ID": "an-app", "ARM_CLIENT_SECRET": "its-secret"}


def handed_over(file: Path) -> dict[str, str]:
    """Give a stack's config as Pulumi hands it to the program: texts, and JSON for what is structured."""
    config: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["config"]
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}


@pytest.mark.parametrize("file", STACKS, ids=name_of)
def test_every_stack_is_typed_args_without_contradiction(file: Path) -> None:
    """Keys and types are right, and the args fit together."""
    args = journaling_args(handed_over(file))
    assert problems(args) == []


@pytest.mark.parametrize("file", STACKS, ids=name_of)
def test_every_stack_names_its_tenant_and_leaves_the_sign_in_to_the_environment(file: Path) -> None:
    """With an app's secret in the environment the settings are whole, and the config holds none."""
    config = {key.removeprefix("area1:"): value for key, value in handed_over(file).items()}
    settings = load(SIGN_IN, config)
    assert settings.tenant == config["tenant"]
    assert {settings.origin[name] for name in ("client_id", "client_secret")} == set(SIGN_IN)


def parsed(name: str) -> JournalingArgs:
    """Give the args of one of the stacks."""
    return journaling_args(handed_over(next(file for file in STACKS if file.name == f"Pulumi.{name}.yaml")))


def test_one_example_journals_everyone_in_the_us() -> None:
    """No group, no recipient: the rule is for everyone."""
    args = parsed("contoso-us")
    assert (args.region, args.group, args.recipient) == ("us", None, None)


def test_the_other_restricts_the_rule_to_a_group_with_members_in_the_eu() -> None:
    """The group's members are listed in the config."""
    args = parsed("fabrikam-eu")
    assert args.region == "eu"
    assert args.group is not None
    assert args.group.members == ["adelev@fabrikam.com", "alexw@fabrikam.com"]

"""Errors: each class is provoked somewhere, names its source, and gives the published body."""

import ast
import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from cmdlet_shell import Shell

from area1_provider.emulator.cmdlets import errors
from area1_provider.emulator.cmdlets.errors import (
    CmdletError,
    ObjectNotFound,
    RuleRefused,
    UnknownParameter,
    ValueRefused,
)

CLASSES = [row for _, row in inspect.getmembers(errors, inspect.isclass) if issubclass(row, CmdletError)]
ODATA = "Microsoft.Exchange.Admin.OData.Core.ODataServiceException"


def caught(shell: Shell, error: type[CmdletError], cmdlet: str, **parameters: Any) -> CmdletError:
    """The error that the cmdlet answers with."""
    with pytest.raises(error) as found:
        shell(cmdlet, **parameters)
    return found.value


def test_not_found_has_the_published_body(shell: Shell) -> None:
    """404 and the envelope of Microsoft365DSC issue 2998."""
    error = caught(shell, ObjectNotFound, "Get-OutboundConnector", Identity="x")
    body = error.body()["error"]
    assert (error.status, body["code"], body["message"]) == (404, "NotFound", "Error executing cmdlet")
    (detail,) = body["details"]
    assert (detail["code"], detail["target"]) == ("Context", "")
    kind = "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException"
    assert detail["message"] == f"Ex6F9304|{kind}|{error.text}"
    assert (body["innererror"]["message"], body["innererror"]["type"]) == ("Error executing cmdlet", ODATA)


def test_an_unknown_parameter_has_the_published_body(shell: Shell) -> None:
    """Word for word as graph2otel captured it."""
    kind = "Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException"
    text = (
        "Parameter set cannot be resolved using the specified named parameters. "
        "Invalid cmdlet parameters specified. BogusParameter"
    )
    error = caught(shell, UnknownParameter, "Get-OutboundConnector", BogusParameter=1)
    assert error.status == 400
    assert error.body() == {
        "error": {
            "code": "BadRequest",
            "message": "Invalid Operation",
            "details": [{"code": "Client", "target": "", "message": f"|{kind}|{text}"}],
            "innererror": {
                "message": "Invalid Operation",
                "type": ODATA,
                "stacktrace": "",
                "internalexception": {"message": text, "type": kind, "stacktrace": ""},
            },
        }
    }


def test_a_wrong_value_has_the_published_body(shell: Shell) -> None:
    """No details; warnings stand inside the error."""
    error = caught(shell, ValueRefused, "New-JournalRule", Name="x", JournalEmailAddress="y", Scope="Nonsense")
    body = error.body()["error"]
    assert "details" not in body
    assert body["@adminapi.warnings"] == []
    inner = body["innererror"]["internalexception"]
    assert inner["type"].endswith(".ParameterTransformationException")
    assert inner["message"].startswith(
        "Cannot process argument transformation on parameter 'Scope'. Cannot convert value \"Nonsense\" to type "
    )
    assert "Specify one of the following enumerator names and try again: Global, Internal, External" in inner["message"]


def test_a_broken_rule_is_a_bad_request(shell: Shell) -> None:
    """The envelope of the others with an operation that is not valid."""
    error = caught(shell, RuleRefused, "New-OutboundConnector", Name="x", UseMXRecord=False)
    assert (error.status, error.kind) == (400, "System.InvalidOperationException")
    assert error.body()["error"]["details"][0]["message"] == f"|System.InvalidOperationException|{error.text}"


@pytest.mark.parametrize("row", CLASSES)
def test_each_error_names_its_source(row: type[CmdletError]) -> None:
    """In its docstring, but for the root."""
    assert row is CmdletError or "Source:" in (row.__doc__ or "")


@pytest.mark.parametrize("row", CLASSES)
def test_each_error_is_provoked_by_a_test(row: type[CmdletError]) -> None:
    """Some test here asks for exactly this class."""
    asked = {
        node.args[0].id
        for path in Path(__file__).parent.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Name)
        if ast.unparse(node.func).endswith("refusal")
    }
    assert row is CmdletError or row.__name__ in asked


@pytest.mark.parametrize("row", CLASSES)
def test_each_error_stands_in_the_tree(row: type[CmdletError]) -> None:
    """The module's docstring draws all of them."""
    assert row.__name__ in (errors.__doc__ or "")


def test_bodies_are_json(shell: Shell) -> None:
    """What body() gives can be written as it is."""
    for name in ("x\x00y", "日本", 'quo"te'):
        error = caught(shell, ObjectNotFound, "Get-JournalRule", Identity=name)
        assert json.loads(json.dumps(error.body())) == error.body()

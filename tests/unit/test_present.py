"""How errors reach a person: their own lines under their own name, without frames."""

import subprocess
import sys
import traceback

import pytest

from area1_provider import errors, present


def printed(error: Exception) -> str:
    """Give what the dynamic server prints of an exception."""
    return "".join(traceback.format_exception_only(error))


def test_our_errors_print_as_they_are() -> None:
    """A typed error prints its class and its lines, with no module before it."""
    shown = present.plain(errors.NotFound("Get-Thing", "no object 'x'", status=404))

    assert printed(shown) == "NotFound: Get-Thing: no object 'x' (HTTP 404)\n"


def test_several_lines_stay_lines() -> None:
    """A message of several lines keeps them."""
    assert printed(present.plain(errors.SettingsError(["a: 1", "b: 2"]))) == "SettingsError: a: 1\nb: 2\n"


def test_a_defect_says_so() -> None:
    """An exception that is not ours is a defect of ours, not of the program."""
    shown = printed(present.plain(KeyError("x")))

    assert shown.startswith("Defect: KeyError: 'x'")
    assert "not in your program" in shown


def test_outside_of_the_engine_errors_pass() -> None:
    """In tests and programs of others an error is what it is."""

    @present.plainly
    def operation() -> None:
        raise errors.Refused("no")

    with pytest.raises(errors.Refused):
        operation()
    assert not present.in_plugin()
    assert operation.__name__ == "operation"


def test_in_the_plugin_there_are_no_frames() -> None:
    """In the engine's plugin process the whole print of an error is its name and its lines."""
    script = (
        "import sys, traceback\n"
        "from types import SimpleNamespace\n"
        "sys.modules['__main__'].__spec__ = SimpleNamespace(name='pulumi.dynamic.__main__')\n"
        "from area1_provider import errors, present\n"
        "@present.plainly\n"
        "def operation():\n"
        "    raise errors.Refused('first line\\nsecond line')\n"
        "try:\n"
        "    operation()\n"
        "except Exception:\n"
        "    sys.stdout.write(traceback.format_exc())\n"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout == "Refused: first line\nsecond line\n"

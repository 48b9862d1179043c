"""Answers that are stale or of wrong types: what a client sees."""

from plain_client import Plain

from area1_provider.emulator.faults import Rule, Stale, WrongTypes


def test_stale(plain: Plain) -> None:
    """A stale read finds nothing, once."""
    plain.server.control.fault(Stale(), cmdlet="Get-TransportConfig")

    assert plain.invoke("Get-TransportConfig").json() == {"value": []}
    assert plain.invoke("Get-TransportConfig").json()["value"]


def test_wrong_types(plain: Plain) -> None:
    """Some members are of another type, the same ones for the same seed; errors stay as they are."""
    true = plain.invoke("Get-TransportConfig").json()["value"][0]
    plain.server.control.fault(WrongTypes(3), times=0)

    once, again = (plain.invoke("Get-TransportConfig").json()["value"][0] for _ in range(2))
    assert once == again
    assert 1 <= len([name for name in true if once[name] != true[name]]) <= 3
    assert plain.invoke("Get-JournalRule", {"Identity": "nobody"}).status_code == 404


def test_as_documents() -> None:
    """Both are written and read as JSON."""
    for kind in ("stale", "wrongtypes"):
        assert Rule.read({"action": {"kind": kind}}).document()["action"]["kind"] == kind

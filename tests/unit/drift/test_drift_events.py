"""Tests of reading the engine's events."""

from findings import OURS_VALIDATION, error, outcome

from area1_provider.commands.drift_events import Difference, failure, resources

STATE = {
    "managed": ["scope", "smart_hosts"],
    "scope": "External",
    "smart_hosts": ["a", "b"],
    "comment": "x",
    "tenant_id": "t",
}


def test_managed_property_that_moved_is_a_difference() -> None:
    """What the program manages is compared, one difference a property, old and new value as they are."""
    event = outcome("update", STATE, {**STATE, "scope": "Global", "smart_hosts": ["c"]})
    (found,) = resources([event])
    assert found.differences == (
        Difference("scope", "External", "Global"),
        Difference("smart_hosts", ["a", "b"], ["c"]),
    )
    assert (found.name, found.kind, found.id, found.tenant_id, found.gone) == (
        "rule",
        "JournalRule",
        "guid-1",
        "t",
        False,
    )


def test_unmanaged_property_is_no_drift() -> None:
    """What the program leaves alone may change without being drift, though the engine calls it an update."""
    (found,) = resources([outcome("update", STATE, {**STATE, "comment": "y", "resolved": {"a": 1}})])
    assert not found.drifted


def test_property_that_is_not_shown_any_more_is_found_as_nothing() -> None:
    """A managed property that is missing from what was read differs, with null as found."""
    after = {name: value for name, value in STATE.items() if name != "scope"}
    (found,) = resources([outcome("update", STATE, after)])
    assert found.differences == (Difference("scope", "External", None),)


def test_vanished_object_is_gone() -> None:
    """A delete out of a refresh means that the object is gone, and says nothing of single properties."""
    (found,) = resources([outcome("delete", STATE, None)])
    assert found.gone
    assert found.drifted
    assert found.differences == ()


def test_lost_mark_of_a_validation_is_drift() -> None:
    """That Exchange no longer has the connector marked as validated counts; when it was marked does not."""
    before = {"managed": [], "is_validated": True, "last_validation_timestamp": "1"}
    after = {**before, "is_validated": False, "last_validation_timestamp": ""}
    (found,) = resources([outcome("update", before, after, kind=OURS_VALIDATION)])
    assert found.differences == (Difference("is_validated", expected=True, found=False),)


def test_components_and_providers_are_not_listed() -> None:
    """Only what stands for something in the tenant is listed."""
    component = outcome("same", {}, {}, kind="area1:index:Journaling", custom=False)
    provider = outcome("same", {}, {}, kind="pulumi:providers:pulumi-python")
    assert list(resources([component, provider, {"summaryEvent": {}}])) == []


def test_resource_of_another_package_is_compared_whole() -> None:
    """Other packages do not say what is managed, so every output counts, but for internal ones."""
    before, after = {"a": 1, "__meta": 1, "c": 3}, {"a": 2, "__meta": 2, "c": 3}
    (found,) = resources([outcome("update", before, after, kind="random:index/randomPet:RandomPet")])
    assert found.differences == (Difference("a", 1, 2),)
    assert found.tenant_id == ""


def test_secret_of_another_package_that_moved_is_not_lost() -> None:
    """The engine hides secrets on both sides; an update that shows nowhere else is in one of them."""
    before = {"a": 1, "key": "[secret]"}
    (found,) = resources([outcome("update", before, before, kind="random:index/randomPassword:RandomPassword")])
    assert found.differences == (Difference("key", "[secret]", "[secret]"),)


def test_unchanged_secret_is_no_drift() -> None:
    """A hidden value in a resource that the engine calls the same is no drift."""
    (found,) = resources([outcome("same", {"key": "[secret]"}, {"key": "[secret]"}, kind="random:index/x:X")])
    assert not found.drifted


def test_same_failure_of_many_resources_is_said_once() -> None:
    """Texts that differ only below the first line, in the correlation id, are one; the engine's epilogue is left out."""
    events = [error(f"Preview failed: SignInError: wrong secret\nid {n}\n\n") for n in range(4)]
    assert failure([*events, error("preview failed\n")]) == "SignInError: wrong secret\nid 0"


def test_different_failures_are_all_said() -> None:
    """Two troubles are two texts."""
    assert failure([error("Preview failed: A\n"), error("Preview failed: B\n")]) == "A\nB"


def test_failure_without_a_cause_is_said_all_the_same() -> None:
    """If there is nothing but the epilogue, it is better than nothing; warnings are no failure."""
    warning = {"diagnosticEvent": {"message": "careful", "severity": "warning"}}
    assert failure([warning, error("preview failed\n")]) == "preview failed"
    assert failure([warning]) == ""

"""The tenant: population, seeds, reset, settings, watchers, hydration, roles, replication lag, persistence."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from cmdlet_shell import Shell

from area1_provider.emulator.cmdlets import invoke, offered
from area1_provider.emulator.cmdlets.errors import (
    AlreadyHydrated,
    CmdletNotOffered,
    Dehydrated,
    ObjectNotFound,
    RecipientNotFound,
    RuleRefused,
)
from area1_provider.emulator.cmdlets.outcome import Caller
from area1_provider.emulator.tables.rows import cmdlets
from area1_provider.emulator.tenant import Change, Tenant
from area1_provider.emulator.tenant.replication import Replication
from area1_provider.emulator.tenant.store import Store

ORGANIZATION = "contoso.onmicrosoft.com"


def test_an_organisation_always_has_the_same_id() -> None:
    """Without regard to case; another organisation has another."""
    ids = [Tenant(Store(None), name).tenant_id for name in (ORGANIZATION, ORGANIZATION.upper(), "fabrikam.com")]
    assert ids[0] == ids[1] != ids[2]


def test_a_tenant_has_people(tenant: Tenant) -> None:
    """Primary addresses of four people and a shared mailbox, in the default domain."""
    assert tenant.recipients() == [
        f"{alias}@contoso.com" for alias in ("adelev", "alexw", "diegos", "meganb", "journal-ndr")
    ]
    assert tenant.accepted_domains == (ORGANIZATION, "contoso.com")


def test_a_seed_repeats_guids() -> None:
    """Two tenants of one seed make the same GUIDs; without one they differ."""
    guids = [[row["Guid"] for row in Tenant(Store(None), ORGANIZATION, seed=seed).all("Mailbox")] for seed in (1, 1, 2)]
    assert guids[0] == guids[1] != guids[2]
    plain = [Tenant(Store(None), ORGANIZATION).all("Mailbox")[0]["Guid"] for _ in range(2)]
    assert plain[0] != plain[1]


def test_tenants_of_one_store_know_nothing_of_each_other() -> None:
    """The same names, two tenants; a reset of one leaves the other."""
    store = Store(None)
    first, second = (Shell(Tenant(store, name), "Organization Management") for name in ("a.example", "b.example"))
    first.connector()
    second.connector()
    first.tenant.reset()
    assert (len(first("Get-OutboundConnector")), len(second("Get-OutboundConnector"))) == (0, 1)


def test_a_reset_is_a_new_tenant_with_its_settings(shell: Shell) -> None:
    """Objects go, the people come back, settings stay."""
    shell.tenant.set_setting("secret", {"value": [1, 2]})
    shell.group(Members=["adelev"])
    shell.tenant.remove_recipient("alexw@contoso.com")
    shell.tenant.reset()
    assert shell("Get-DistributionGroup") == []
    assert len(shell.tenant.recipients()) == 5
    assert (shell.tenant.settings("secret"), shell.tenant.settings("none")) == ({"value": [1, 2]}, None)


def test_removing_who_is_not_there_is_an_error(tenant: Tenant) -> None:
    """A test that removes nobody, or looks for what never was, is told so."""
    with pytest.raises(KeyError):
        tenant.fetch("00000000-0000-4000-8000-000000000000")
    with pytest.raises(KeyError, match=r"nobody@contoso\.com"):
        tenant.remove_recipient("nobody@contoso.com")


def test_a_file_keeps_a_tenant(tmp_path: Path) -> None:
    """Objects, members, domains and settings are there when the file is opened again."""
    path = str(tmp_path / "tenant.db")
    first = Shell(Tenant(Store(path), ORGANIZATION, domains=("one.example", "two.example")), "Organization Management")
    made = first.group(Members=["adelev"])
    first.tenant.set_setting("x", 1)
    first.tenant.store.close()
    again = Shell(Tenant(Store(path), ORGANIZATION), "Organization Management")
    assert again.one("Get-DistributionGroup") == made
    assert again.members("Finance") == ["adelev"]
    assert again.tenant.domains == ("one.example", "two.example")
    assert again.tenant.settings("x") == 1


def test_two_processes_may_share_a_file(tmp_path: Path) -> None:
    """What another connection changed is seen by the next cmdlet."""
    path = str(tmp_path / "tenant.db")
    first, second = (Shell(Tenant(Store(path), ORGANIZATION), "Organization Management") for _ in range(2))
    first.connector()
    assert second.one("Get-OutboundConnector")["Comment"] == ""
    first("Set-OutboundConnector", Identity="Area 1", Comment="changed")
    assert second.one("Get-OutboundConnector")["Comment"] == "changed"


def test_a_cmdlet_that_fails_has_changed_nothing(shell: Shell) -> None:
    """A group whose members cannot be had is not made, and its name is free."""
    shell.refusal(RecipientNotFound, "New-DistributionGroup", Name="x", Members=["adelev", "nobody"])
    shell.group("x")
    shell.refusal(
        RuleRefused, "Set-DistributionGroup", Identity="x", Name="y", DisplayName="z", ManagedBy=["archive-vendor"]
    )
    assert shell.one("Get-DistributionGroup")["Name"] == "x"


def test_cmdlets_may_run_at_once(shell: Shell) -> None:
    """Threads that write to one tenant do not lose anything."""

    def work(number: int) -> None:
        for turn in range(5):
            caller = Caller("id", "app", frozenset({"Organization Management"}))
            parameters = {"Name": f"{number}-{turn}", "RecipientDomains": ["a.example"]}
            invoke(shell.tenant, "New-OutboundConnector", parameters, caller, session=str(number), now=shell.now)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(shell("Get-OutboundConnector")) == 30


def test_watchers_hear_of_every_change_once(shell: Shell) -> None:
    """After it happened: what it was before and is now; a failed or simulated cmdlet is no change."""
    heard: list[Change] = []
    shell.tenant.watchers.append(heard.append)
    made = shell.group(Members=["adelev"])
    shell("Set-DistributionGroup", Identity="Finance", DisplayName="Money")
    shell("Set-DistributionGroup", Identity="Finance", DisplayName="Money")
    shell("Add-DistributionGroupMember", Identity="Finance", Member="alexw")
    shell.refusal(RecipientNotFound, "Add-DistributionGroupMember", Identity="Finance", Member="nobody")
    shell("Remove-DistributionGroup", Identity="Finance", WhatIf=True)
    shell("Remove-DistributionGroup", Identity="Finance")
    assert {change.guid for change in heard} == {made["Guid"]}
    kinds = [(change.before is None, change.after is None) for change in heard]
    assert kinds == [(True, False), (False, False), (False, False), (False, False), (False, True)]
    changed = heard[2]
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before["DisplayName"], changed.after["DisplayName"]) == ("Finance", "Money")


def test_a_watcher_may_look(shell: Shell) -> None:
    """It is called outside the transaction and sees the new state."""
    counts: list[int] = []
    shell.tenant.watchers.append(lambda _: counts.append(len(shell.tenant.all("OutboundConnector"))))
    shell.connector("a")
    shell.connector("b")
    assert counts == [1, 2]


def test_hydration(shell: Shell) -> None:
    """A tenant is customised unless told otherwise; customising it again is refused with the documented text."""
    assert shell.one("Get-OrganizationConfig")["IsDehydrated"] is False
    text = shell.refusal(AlreadyHydrated, "Enable-OrganizationCustomization")
    assert text == "This operation is not required. Organization is already enabled for customization."
    shell.tenant.dehydrate()
    shell.connector("not named by the page")
    shell.tenant.dehydrate(needed_by=["New-OutboundConnector"])
    assert shell.one("Get-OrganizationConfig")["IsDehydrated"] is True
    assert "Enable-OrganizationCustomization" in shell.refusal(Dehydrated, "New-OutboundConnector", Name="x")
    shell("Enable-OrganizationCustomization", Confirm=False)
    shell.connector("x")


@pytest.mark.parametrize(
    ("role", "granted", "denied"),
    [
        ("Organization Management", "Set-TransportConfig", None),
        ("Exchange Administrator", "New-JournalRule", None),
        ("Global Reader", "Get-OutboundConnector", "Set-OutboundConnector"),
        ("View-Only Organization Management", "Get-JournalRule", "New-JournalRule"),
        ("Security Reader", None, "Get-OutboundConnector"),
        ("Journaling", "New-JournalRule", "New-OutboundConnector"),
        ("Remote and Accepted Domains", "New-OutboundConnector", "New-JournalRule"),
        ("Distribution Groups", "Add-DistributionGroupMember", "New-JournalRule"),
        ("Exchange Recipient Administrator", "New-MailContact", "Get-OutboundConnector"),
        ("No Such Role", None, "Get-TransportConfig"),
    ],
)
def test_roles_grant_cmdlets(
    shell_of: Callable[..., Shell], role: str, granted: str | None, denied: str | None
) -> None:
    """What is not granted looks as if it did not exist."""
    shell = shell_of(role)
    names = offered(shell.caller)
    assert granted is None or granted in names
    if denied:
        assert denied not in names
        with pytest.raises(CmdletNotOffered):
            shell(denied, Identity="x")


def test_managers_of_the_organisation_have_everything(shell: Shell) -> None:
    """All cmdlets of the tables."""
    assert offered(shell.caller) == {row.name for row in cmdlets().values()}


@pytest.mark.parametrize("name", ["Get-Nonsense", "", "Get-OutboundConnector ", "Set-Mailbox"])
def test_an_unknown_cmdlet_is_not_offered(shell: Shell, name: str) -> None:
    """Even to those who may do everything."""
    with pytest.raises(CmdletNotOffered):
        shell(name)


def test_a_new_object_lags_for_other_sessions(shell: Shell) -> None:
    """The session that wrote it sees it at once; another one after some looks, and then for good."""
    shell.tenant.replication = Replication(reads=3, seed=4)
    made = shell.connector()
    assert len(shell("Get-OutboundConnector")) == 1
    seen = [len(shell("Get-OutboundConnector", session="second")) for _ in range(6)]
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0, 1)
    assert shell.one("Get-OutboundConnector", session="second", Identity=made["Guid"])["Name"] == "Area 1"


def test_an_unseen_object_is_not_found_but_keeps_its_name(shell: Shell) -> None:
    """Other sessions meet not-found for it, as object and as recipient."""
    shell.tenant.replication = Replication(reads=50, seed=3)
    shell.group()
    shell.refusal(ObjectNotFound, "Get-DistributionGroup", session="second", Identity="Finance")
    shell.group("Other")
    change = {"Identity": "Other", "Member": "Finance"}
    shell("Add-DistributionGroupMember", **change)
    assert shell("Get-DistributionGroup", session="third") == []


def test_old_objects_do_not_lag(shell: Shell) -> None:
    """What was there before the lag began, and a change of what is seen, is seen at once."""
    shell.connector()
    shell.tenant.replication = Replication(reads=9, seed=1)
    shell("Set-OutboundConnector", Identity="Area 1", Comment="x")
    assert shell.one("Get-OutboundConnector", session="second")["Comment"] == "x"


def test_a_seed_fixes_the_order_of_appearance() -> None:
    """The same seed shows the same objects after the same number of looks; other seeds differ."""

    def appearances(seed: int) -> list[list[bool]]:
        replication = Replication(reads=5, seed=seed)
        for number in range(6):
            replication.created(str(number), "writer")
        return [[replication.sees(str(number), "reader") for number in range(6)] for _ in range(7)]

    assert appearances(1) == appearances(1)
    assert len({str(appearances(seed)) for seed in range(5)}) > 1
    assert all(appearances(1)[-1])


def statements(tenant: Tenant, run: Callable[[], object]) -> int:
    """How many SQL statements a piece of work needs."""
    seen: list[str] = []
    tenant.store.trace(seen.append)
    run()
    tenant.store.trace(None)
    return len(seen)


def test_work_does_not_grow_with_the_tenant(shell: Shell) -> None:
    """Finding a group and adding a member costs the same in an empty tenant and in a crowded one."""
    shell.group()
    shell.group("Warm")

    def add(alias: str) -> Callable[[], object]:
        return lambda: shell("Add-DistributionGroupMember", Identity="Finance", Member=alias)

    few = statements(shell.tenant, add("adelev"))
    for number in range(200):
        shell.tenant.add_mailbox(f"Person {number}", f"p{number}")
    shell("Update-DistributionGroupMember", Identity="Finance", Members=[f"p{number}" for number in range(200)])
    assert statements(shell.tenant, add("adelev")) == few

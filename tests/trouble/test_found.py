"""What schedules, kills and fuzzing found once, each by itself."""

import random
from typing import Any

import pytest
from misfortunes import fails, fault
from programs import GROUPS, Program, adopting, config, connector, group, rule
from schedules import peace, settled
from simulator import Resource
from world import World

from area1_provider import errors
from area1_provider.emulator.faults import Garbage, Reset, Skew, Slow, Stale, Status
from area1_provider.resources.distribution_group import DistributionGroupProvider


def guide(comment: str = "one") -> Program:
    """Give settings, a connector, a group and a rule that is on."""
    chance = random.Random(1)  # noqa: S311  # no secret
    before, made, group_ = config(chance), connector(chance, on=True), group(chance)
    named = Resource(made.name, made.kind, {**made.inputs, "comment": comment}, ["config"])
    told = Resource(group_.name, group_.kind, {**group_.inputs, "mail_tip": "Mail is journaled"})
    return [before, told, named, rule(chance, [before, told], ["config", "group", "connector"], on=True)]


def test_an_update_that_was_carried_out_and_raised(place: World) -> None:
    """The next run looks, although the program wants by then what the state has."""
    stack = place.begin()
    place.up(stack, guide("one"))
    fault(place, Status(503), "Get-OutboundConnector", times=0)
    fails(place, stack, guide("two"), errors.Transient)

    place.up(stack, guide("one"))

    settled(place, stack, guide("one"))


def test_an_update_that_cannot_be_taken_back(place: World) -> None:
    """Members that were hidden by an update that raised make a new group where the program wants them shown after all."""
    stack = place.begin()
    kind = DistributionGroupProvider
    shown, hidden = (
        [Resource("group", kind, {"name": "Journaled", "hidden_group_membership_enabled": hide})]
        for hide in (False, True)
    )
    place.up(stack, shown)
    fault(place, Status(503), "Get-DistributionGroup", times=0)
    fails(place, stack, hidden, errors.Transient)

    place.up(stack, shown)

    settled(place, stack, shown)


def test_a_name_that_the_old_half_of_a_replacement_holds(place: World) -> None:
    """The engine removes old halves last; one whose name is wanted back is removed first, where this machine knows it."""
    stack, kind = place.begin(), DistributionGroupProvider
    staff = [Resource("group", kind, {"name": "Journaled staff"})]
    other, back = (
        [Resource("group", kind, {"name": name, "type": "Security"})] for name in ("Journaled", "Journaled staff")
    )
    place.up(stack, staff)
    fault(place, Status(403), "Remove-DistributionGroup", times=0)
    fails(place, stack, other, errors.Denied)

    place.up(stack, back)

    settled(place, stack, back)


def test_a_delete_that_was_carried_out_and_raised(place: World) -> None:
    """An object that went although its removal failed is made again when the program wants it again."""
    stack = place.begin()
    place.up(stack, guide())
    fault(place, Reset(carried_out=True), "Remove-JournalRule")
    fault(place, Status(503), "Remove-JournalRule", times=0)
    fails(place, stack, [], errors.Transient)

    place.up(stack, guide())

    settled(place, stack, guide())


def test_a_removal_answered_by_a_proxy(place: World) -> None:
    """An empty web page is no removal."""
    stack = place.begin()
    place.up(stack, guide())
    fault(place, Garbage("", "text/html"), "Remove-*", times=2)

    stack.destroy()

    settled(place, stack, [])


def test_a_server_that_does_not_know_a_young_object(place: World) -> None:
    """Not found from a server that lags behind is asked again, and the object is not forgotten."""
    stack = place.begin()
    place.emulator.control.replication_lag(2)
    place.up(stack, guide())

    stack.destroy()

    settled(place, stack, [])


@pytest.mark.parametrize("noun", ["OutboundConnector", "JournalRule", "DistributionGroup"])
def test_a_create_that_nobody_could_look_up(place: World, noun: str) -> None:
    """The next run on this machine finds its own object."""
    stack = place.begin()
    fault(place, Reset(carried_out=True), f"New-{noun}")
    fault(place, Status(503), f"Get-{noun}", times=0)
    said = fails(place, stack, guide(), errors.AnswerLost)
    assert f"area1 import {noun} '" in said

    place.up(stack, guide())

    settled(place, stack, guide())


def test_a_create_that_nobody_could_look_up_elsewhere(place: World) -> None:
    """On a machine that remembers nothing the object is never taken: the error names the way to bring it in."""
    stack = place.begin()
    fault(place, Reset(carried_out=True), "New-OutboundConnector")
    fault(place, Status(503), "Get-OutboundConnector", times=0)
    fails(place, stack, guide(), errors.AnswerLost)
    for file in place.machine.rglob("*.json"):
        file.unlink()

    said = fails(place, stack, guide(), errors.AlreadyExists)

    assert "area1 import OutboundConnector '" in said
    assert len(place.ours()["OutboundConnector"]) == 1


def test_a_create_that_cannot_be_finished(place: World) -> None:
    """A new group whose further properties are refused is taken away again."""
    stack = place.begin()
    fault(place, Status(403, body="{}"), "Set-DistributionGroup", times=0)
    fails(place, stack, guide(), errors.Denied)

    assert place.ours()["DistributionGroup"] == []


def test_a_create_that_can_be_neither_finished_nor_undone(place: World) -> None:
    """A new group that could not be finished or taken away is gone on with by the next run."""
    stack = place.begin()
    fault(place, Status(403, body="{}"), "Set-DistributionGroup", times=0)
    fault(place, Status(503), "Remove-DistributionGroup", times=0)
    said = fails(place, stack, guide(), errors.AnswerLost)
    assert "could not be taken away again" in said

    place.up(stack, guide())

    settled(place, stack, guide())


def test_somebody_else_changed_what_we_did_not(place: World) -> None:
    """A managed property that moved between two reads is said, kept, and brought back by the next run."""
    stack, told = place.begin(), []
    made = stack.client

    def telling() -> Any:
        exchange = made()
        exchange.tell = told.append
        return exchange

    stack.client = telling
    place.up(stack, guide("one"))
    (ours,) = [one for one in place.tenant.all("OutboundConnector") if one["Name"] != "Partner"]
    (other,) = {"EncryptionOnly", "CertificateValidation"} - {ours["TlsSettings"]}
    place.tenant.save("OutboundConnector", {**ours, "TlsSettings": other})

    place.up(stack, guide("two"))

    assert any("tls_settings was changed by somebody else since it was last read" in line for line in told)
    assert place.up(stack, guide("two")) == 1
    settled(place, stack, guide("two"))


def test_a_create_whose_time_is_over(place: World) -> None:
    """A lost create is not asked for again once the operation has had its time, however many tries are left."""
    stack = place.begin()
    fault(place, Status(503), "New-OutboundConnector", times=0)
    fault(place, Slow(1200), "Get-OutboundConnector", times=0)

    fails(place, stack, guide(), errors.AnswerLost)

    made = [call for call in place.emulator.control.calls() if call.cmdlet == "New-OutboundConnector" and call.fault]
    assert len(made) == 1


def test_a_clock_that_goes_back(place: World) -> None:
    """An object that by its own date was there before it was asked for is left alone, and the way out is named."""
    stack = place.begin()
    fault(place, Skew(-90_000), "New-DistributionGroup")
    fails(place, stack, guide(), errors.AnswerLost)

    said = fails(place, stack, guide(), errors.AlreadyExists)

    assert "area1 import DistributionGroup" in said
    assert len(place.ours()["DistributionGroup"]) == 1


def test_a_date_that_lies_in_the_past(place: World) -> None:
    """A stranger's object that is just what was asked for does not count as just made, whatever an answer's Date says."""
    stack = place.begin()
    (wanted,) = [one for one in guide() if one.name == "connector"]
    place.up(stack, [wanted])
    stack.held.clear()  # it is a stranger's from here on
    place.clock.sleep(1_500)
    fault(place, Reset(carried_out=False), "New-OutboundConnector")
    fault(place, Skew(-2_500), "Get-OutboundConnector")

    said = fails(place, stack, [wanted], errors.Area1Error)

    assert "area1 import OutboundConnector" in said
    assert stack.held == {}


def test_a_new_entry_that_was_not_kept(place: World) -> None:
    """What a create changed of an object that another entry has is looked at again when that entry is wanted after all."""
    stack = place.begin()
    (before,) = [one for one in guide() if one.name == "config"]
    made = [before, Resource("group", DistributionGroupProvider, {"name": "Journaled", "mail_tip": "before"})]
    other = {"undeliverable_address": "alexw@contoso.com", "replace_undeliverable_address": True}
    after = [
        Resource("config-new", before.kind, other),
        Resource("group-new", DistributionGroupProvider, {"name": "Journaled", "mail_tip": "after", "adopt": True}),
    ]
    place.up(stack, made)
    fault(place, Reset(carried_out=True), "Set-TransportConfig", times=0)
    fails(place, stack, after[:1], errors.ConnectionFailed)
    fault(place, Reset(carried_out=True), "Set-DistributionGroup", times=0)
    fails(place, stack, after[1:], errors.ConnectionFailed)

    place.up(stack, made)

    (group_,) = [one for one in place.tenant.all("DistributionGroup") if one["Name"] == "Journaled"]
    assert "before" in group_["MailTip"]
    settled(place, stack, made)


def test_what_a_run_took_over_that_failed(place: World) -> None:
    """With the old logical names again the state of old is not believed: another entry has changed the object since."""
    stack = place.begin()
    place.up(stack, guide("one"))
    fault(place, Status(403), "Set-JournalRule", times=0)
    changed = [*guide("two")[:-1], rule(random.Random(2), guide(), ["config", "group", "connector"], on=True)]  # noqa: S311
    fails(place, stack, adopting(changed, "-new"), errors.Denied)
    assert {"connector", "connector-new"} <= stack.held.keys()

    place.up(stack, guide("one"))

    settled(place, stack, guide("one"))


def test_a_change_that_no_reading_showed(place: World) -> None:
    """What is read then stands in the state and may be old, so the next run tells all again: nobody stays in a group."""
    stack = place.begin()
    place.up(stack, [members("adelev")])
    fault(place, Stale(), "Get-DistributionGroupMember", times=0)
    place.up(stack, [members("alexw", "diegos")])
    peace(place)
    assert stack.held["group"].outputs["members"] == []

    place.up(stack, [members("alexw")])

    settled(place, stack, [members("alexw")])


def members(*people: str) -> Resource:
    """Give a group."""
    return Resource("group", DistributionGroupProvider, {"name": GROUPS[0], "members": list(people)})

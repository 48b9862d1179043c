"""A tenant: its organisation, its domains, its objects and who is told when one changes.

Rules of cmdlets are not here; neither is HTTP.
"""

import random
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from area1_provider.emulator.tenant import directory, population
from area1_provider.emulator.tenant.replication import Replication
from area1_provider.emulator.tenant.store import Document, Store

RECIPIENTS = ("Mailbox", "MailUser", "MailContact", "DistributionGroup", "GroupMailbox")
"""Nouns whose objects have addresses; they share one realm of names."""
HYDRATION = "dehydrated"


@dataclass(frozen=True)
class Limits:
    """Service limits (exchange-online-limits page, a copy of about 2020: numbers may have moved)."""

    journal_rules: int = 50
    group_members: int = 100_000
    group_owners: int = 10
    group_moderators: int = 10


@dataclass(frozen=True)
class Change:
    """What a watcher is told.

    `before` is None for a new object, `after` for one removed; for a change of a group's members both are the group.
    """

    noun: str
    guid: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


class Tenant:
    """One organisation in a store. A new one is populated; one that the store already holds is taken as it is.

    `domains` are its accepted domains besides the organisation's own, the first of them the default one.
    `seed` makes the GUIDs of new objects repeatable. `watchers` are called after every change, outside its
    transaction. `customization_needed` names the cmdlets that a dehydrated tenant refuses; none by default, since
    the page of Enable-OrganizationCustomization names none that exists here.
    """

    def __init__(
        self, store: Store, organization: str, *, domains: Sequence[str] | None = None, seed: int | None = None
    ) -> None:
        self.store = store
        self.organization = organization
        self.tenant_id = str(uuid.uuid5(uuid.NAMESPACE_DNS, organization.lower()))
        self.domains = tuple(domains if domains is not None else (f"{organization.partition('.')[0]}.com",))
        self.limits = Limits()
        self.replication = Replication()
        self.watchers: list[Callable[[Change], None]] = []
        self.customization_needed: frozenset[str] = frozenset()
        self._random = random.Random(seed) if seed is not None else None  # noqa: S311 - names, no secrets
        self._changes: list[Change] = []
        self._depth = 0
        with store.transaction():
            if store.count(self.tenant_id, "OrganizationConfig"):
                self.domains = self._stored_domains()
            else:
                population.populate(self)

    def _stored_domains(self) -> tuple[str, ...]:
        rows = [row for row in self.all("AcceptedDomain") if not row["InitialDomain"]]
        return tuple(row["DomainName"] for row in sorted(rows, key=lambda row: not row["Default"]))

    @property
    def default_domain(self) -> str:
        """The accepted domain that new addresses get."""
        return self.domains[0] if self.domains else self.organization

    @property
    def accepted_domains(self) -> tuple[str, ...]:
        """All accepted domains, the organisation's own first."""
        return (self.organization, *self.domains)

    def new_guid(self) -> str:
        """A GUID for a new object: random, or from the seed."""
        if self._random is None:
            return str(uuid.uuid4())
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def recipients(self) -> list[str]:
        """Primary addresses of the mailboxes, oldest first."""
        return [self.fetch(guid)["PrimarySmtpAddress"] for guid in self.store.guids(self.tenant_id, ["Mailbox"])]

    def reset(self) -> None:
        """Remove every object and populate anew; settings stay."""
        with self.store.transaction():
            self.store.clear(self.tenant_id)
            self.replication = Replication(self.replication.reads, self.replication.seed)
            population.populate(self)

    def settings(self, key: str) -> Any:
        """A small value kept with the tenant; None if it was never set."""
        return self.store.setting(self.tenant_id, key)

    def set_setting(self, key: str, value: Any) -> None:
        """Keep a small value with the tenant."""
        self.store.set_setting(self.tenant_id, key, value)

    # objects

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens or nothing does; watchers hear of it when it has happened."""
        with self.store.transaction():
            self._depth += 1
            try:
                yield
                told = self._changes if self._depth == 1 else []
            finally:
                self._depth -= 1
                if not self._depth:
                    self._changes = []
        for change in told:
            for watcher in self.watchers:
                watcher(change)

    def fetch(self, guid: str) -> Document:
        """The object of that GUID, not to be changed in place; KeyError if there is none."""
        if (document := self.store.get(self.tenant_id, guid)) is None:
            raise KeyError(guid)
        return document

    def all(self, *nouns: str) -> list[Document]:
        """All objects of these nouns, oldest first."""
        return [self.fetch(guid) for guid in self.store.guids(self.tenant_id, nouns)]

    def find(self, realm: str, name: str, forms: Iterable[str]) -> list[str]:
        """GUIDs of the objects of a realm that bear the name in one of the forms, each once."""
        wanted = frozenset(forms)
        found = self.store.find(self.tenant_id, realm, name)
        return list(dict.fromkeys(guid for form, guid in found if form in wanted))

    def save(self, noun: str, document: Document, session: str | None = None) -> Document:
        """Write an object; what has been saved is not to be changed in place."""
        guid = document["Guid"]
        before = self.store.get(self.tenant_id, guid)
        realm = "Recipient" if noun in RECIPIENTS else noun
        names = directory.names(realm, self.organization, document)
        with self.transaction():
            self.store.put(self.tenant_id, noun, guid, document, names, realm)
            self._changes.append(Change(noun, guid, before, document))
            if before is None:
                self.replication.created(guid, session)
        return document

    def delete(self, guid: str) -> None:
        """Remove an object; it drops out of every group it was in."""
        with self.transaction():
            before, noun = self.fetch(guid), self.store.noun(self.tenant_id, guid)
            self.store.delete(self.tenant_id, guid)
            self._changes.append(Change(noun or "", guid, before, None))

    def change_members(self, group: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Take recipients out of a group and put others in."""
        with self.transaction():
            self.store.remove_members(self.tenant_id, group, remove)
            self.store.add_members(self.tenant_id, group, add)
            document = self.fetch(group)
            self._changes.append(Change("DistributionGroup", group, document, document))

    def names_of(self, guids: Iterable[str]) -> list[str]:
        """Names of recipients; one that is gone is left out, and what is no GUID of one stays as it is."""
        return [found for guid in guids if (found := self._name_of(guid))]

    def _name_of(self, guid: str) -> str | None:
        if not directory.is_guid(guid):
            return guid
        document = self.store.get(self.tenant_id, guid)
        return str(document["Name"]) if document else None

    def present(self, guids: Iterable[str]) -> list[str]:
        """Those of the GUIDs whose objects are still there."""
        return [guid for guid in guids if self.store.get(self.tenant_id, guid)]

    # the tenant of a test

    def add_mailbox(self, name: str, alias: str, details: str = "UserMailbox", **properties: Any) -> Document:
        """Make a mailbox; no cmdlet here does."""
        return population.mailbox(self, name, alias, details, **properties)

    def add_mail_user(self, name: str, alias: str, external: str) -> Document:
        """Make a mail user; no cmdlet here does."""
        return population.mail_user(self, name, alias, external)

    def add_microsoft365_group(self, name: str, alias: str) -> Document:
        """Make a Microsoft 365 group; app-only callers cannot."""
        return population.microsoft365_group(self, name, alias)

    def remove_recipient(self, address: str) -> None:
        """Remove the recipient of that address, as an administrator elsewhere would; KeyError if there is none."""
        guids = self.find("Recipient", address, {"address"})
        if not guids:
            raise KeyError(address)
        self.delete(guids[0])

    def dehydrate(self, *, needed_by: Iterable[str] = ()) -> None:
        """Make the tenant one that was never customised; `needed_by` are cmdlets it shall refuse until it is."""
        self.customization_needed = frozenset(needed_by)
        self.configure(IsDehydrated=True)

    def configure(self, **properties: Any) -> Document:
        """Change properties of the organisation, such as DistributionGroupNamingPolicy; no cmdlet here does."""
        (organization,) = self.all("OrganizationConfig")
        return self.save("OrganizationConfig", {**organization, **properties})

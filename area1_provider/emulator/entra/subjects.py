"""Whom tokens speak for: applications and people, with their object ids. No token is made here."""

from uuid import NAMESPACE_URL, uuid5

from area1_provider.emulator.entra.applications import Application
from area1_provider.emulator.entra.resources import is_exchange
from area1_provider.emulator.entra.tokens import Subject
from area1_provider.emulator.tenant import Tenant


def subject_of(tenant: Tenant, application: Application, resource: str, origin: str, proof: str) -> Subject:
    """Give whom an application's own token speaks for; app roles are those of the resource asked for."""
    own = {origin.removeprefix("https://")}
    return Subject(
        tenant.tenant_id,
        application.client_id,
        application.object_id,
        application.display_name,
        application.app_roles if is_exchange(resource, own) else (),
        proof,
    )


def person_id(tenant: Tenant, user: str) -> str:
    """Give a person's object id: the same for the same name in the same tenant."""
    return str(uuid5(NAMESPACE_URL, f"https://{tenant.tenant_id}/{user.lower()}"))

"""How a client proves what it is: secret, certificate, federated assertion. Tokens are given in grants.py."""

import secrets

from area1_provider.emulator.clock import Clock
from area1_provider.emulator.entra.applications import Application
from area1_provider.emulator.entra.assertions import Assertions
from area1_provider.emulator.entra.errors import (
    ConfidentialClient,
    ExpiredSecret,
    InvalidSecret,
    MissingCredential,
    MissingParameter,
    PublicClient,
)
from area1_provider.emulator.entra.tenants import names_of
from area1_provider.emulator.entra.token_requests import Sought

BEARER_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Credentials:
    """Checks what confidential clients present."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._assertions = Assertions(clock)

    def prove(self, application: Application, sought: Sought, secret: str) -> str:
        """Check the client's credential and give the `appidacr` that it earns; raises an EntraError."""
        assertion = sought.form.get("client_assertion", "")
        if application.public:
            raise PublicClient
        if assertion:
            if sought.need("client_assertion_type") != BEARER_ASSERTION:
                raise MissingParameter("client_assertion_type")
            self._assertions.check(application, assertion, names_of(sought.tenant), sought.origin)
            return "2"
        if not secret:
            raise MissingCredential(sought.form["grant_type"])
        self._check_secret(application, secret)
        return "1"

    def accompany(self, application: Application, sought: Sought) -> str:
        """Check what comes beside a person's code or token: a public client presents nothing, others their credential."""
        _, secret = sought.client()
        presented = bool(secret or sought.form.get("client_assertion"))
        if application.public and not presented:
            return "0"
        if not presented:
            raise ConfidentialClient
        return self.prove(application, sought, secret)

    def _check_secret(self, application: Application, sent: str) -> None:
        found = [
            known
            for known in application.secrets
            if secrets.compare_digest(known.value.encode(), sent.encode("utf-8", "surrogatepass"))
        ]
        if not found:
            raise InvalidSecret(application.client_id)
        if all(known.over(self._clock()) for known in found):
            raise ExpiredSecret(application.client_id)

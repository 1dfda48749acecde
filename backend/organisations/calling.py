"""The number people dial instead of each other's, where the organisation has one."""

import re

from backend.organisations.models import Organisation

PAUSE = ","  # a phone waits about two seconds, then dials on


def call_number(organisation: Organisation, job_number: str, phone: str) -> str:
    """What to dial to reach somebody about a job, as for a `tel:` link.

    That is their own number, or the organisation's relay with the job's digits as extension: the service
    behind it knows from the caller whom to put through.
    """
    if not organisation.relay_number:
        return phone
    return f"{organisation.relay_number}{PAUSE}{extension(job_number)}"


def extension(job_number: str) -> str:
    """The digits of a job's number, which no other job of the organisation has under the relay."""
    return re.sub(r"\D", "", job_number)

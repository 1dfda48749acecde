"""What an organisation has already, by the names under which people know it."""

from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from backend.auth.models import Account
from backend.errors import BadInputError
from backend.organisations.models import Organisation, Region
from backend.parts.models import Part
from backend.vendors.models import Vendor


@dataclass
class Known:
    """An organisation's rows that a file may refer to; of accounts, those of the file's logins anywhere."""

    organisation: Organisation | None
    regions: dict[str, Region] = field(default_factory=dict)
    vendors: dict[str, Vendor] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)


def known(session: Session, name: str, wanted: str, logins: list[str]) -> Known:
    """What there is of the organisation a file is for: `wanted`, else the one with the file's own name.

    Raises BadInputError where that leaves open whether another organisation is meant.
    """
    found = Known(_organisation(session, name, wanted))
    found.accounts = {
        row.login: row for row in session.exec(select(Account).where(col(Account.login).in_(logins)))
    }
    if found.organisation is None:
        return found
    org_id = found.organisation.id
    regions = session.exec(select(Region).where(Region.org_id == org_id))
    vendors = session.exec(select(Vendor).where(Vendor.org_id == org_id))
    parts = session.exec(select(Part).where(Part.org_id == org_id))
    found.regions = {row.name: row for row in regions}
    found.vendors = {row.name: row for row in vendors}
    found.parts = {row.sku: row for row in parts}
    return found


def _organisation(session: Session, name: str, wanted: str) -> Organisation | None:
    rows = session.exec(select(Organisation).order_by(col(Organisation.name)).with_for_update(key_share=True))
    every = list(rows)
    found = [row for row in every if row.name == (wanted or name)]
    if len(found) > 1:
        raise BadInputError(f"There are several organisations named {wanted or name}.")
    if found and found[0].is_replay:
        raise BadInputError("That is the demo, whose days are not the clock's. Begin with an empty database.")
    if found or not every:
        _refuse_another_name(found[0] if found else None, every, name)
        return found[0] if found else None
    if wanted and wanted == name:
        return None
    names = ", ".join(row.name for row in every)
    raise BadInputError(
        f"There is no organisation {wanted or name}, but: {names}. Say --organisation and one of these names "
        f"to change that one, or --organisation '{name}' to add another."
    )


def _refuse_another_name(found: Organisation | None, every: list[Organisation], name: str) -> None:
    if any(row.name == name and row is not found for row in every):
        raise BadInputError(f"Another organisation is named {name} already.")

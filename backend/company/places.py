"""Writing the organisation itself, where it works and whom it pays."""

from collections.abc import Mapping

from sqlmodel import select

from backend.company.file import CompanyFile
from backend.company.known import Known
from backend.company.references import point_of
from backend.company.rows import Rows
from backend.organisations.models import Organisation, Region
from backend.vendors.models import Tariff, Vendor


def write_organisation(rows: Rows, told: CompanyFile, found: Organisation | None) -> None:
    """The organisation, whose id the actor has already."""
    said = told.organisation
    values = {"id": rows.org_id, **said.model_dump()}
    if found is None:
        rows.session.add(Organisation(**values))
        rows.session.flush()  # everything refers to it, what is on record of it too
        rows.note("organisation", said.name, rows.org_id, is_new=True)
    else:
        rows.put("organisation", said.name, Organisation, found, values, {*values} - said.model_fields_set)


def write_regions(rows: Rows, told: CompanyFile, known: Known) -> dict[str, Region]:
    """The regions by name, those the file does not name among them."""
    regions = dict(known.regions)
    for row in told.regions:
        center, depot = point_of(row.center), point_of(row.depot)
        values = {
            "org_id": rows.org_id, "name": row.name, "zone": row.zone,
            "center_lat": center.lat, "center_lng": center.lng,
            "depot_lat": depot.lat, "depot_lng": depot.lng,
        }  # fmt: skip
        regions[row.name] = rows.put("region", row.name, Region, regions.get(row.name), values)
    rows.session.flush()
    return regions


def write_vendors(rows: Rows, told: CompanyFile, known: Known) -> dict[str, Vendor]:
    """The vendors by name, and by the keys of the file, which win."""
    by_name = dict(known.vendors)
    for row in told.vendors:
        values = {"org_id": rows.org_id, **row.model_dump(exclude={"key"})}
        unsaid = {*values} - row.model_fields_set
        by_name[row.name] = rows.put("vendor", row.name, Vendor, by_name.get(row.name), values, unsaid)
    rows.session.flush()
    return {**by_name, **{row.key: by_name[row.name] for row in told.vendors}}


def write_tariffs(rows: Rows, told: CompanyFile, vendors: Mapping[str, Vendor]) -> None:
    """What vendors are paid; visits given before keep the price they were given at."""
    query = select(Tariff).where(Tariff.org_id == rows.org_id)
    found = {(row.vendor_id, row.category, row.job_type): row for row in rows.session.exec(query)}
    for name, categories in told.tariffs.items():
        vendor = vendors[name]
        for category, prices in categories.items():
            for job_type, price_fen in prices.items():
                values = {
                    "org_id": rows.org_id, "vendor_id": vendor.id, "category": category,
                    "job_type": job_type, "price_fen": price_fen,
                }  # fmt: skip
                key, label = (vendor.id, category, job_type), f"{name}/{category}/{job_type}"
                rows.put("tariff", label, Tariff, found.get(key), values)

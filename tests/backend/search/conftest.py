"""A caller known by everything a caller can tell: two jobs, one of them a vendor's."""

from collections.abc import Iterator

import pytest

from backend.assets.models import Asset
from backend.cases.models import SalesOrder
from backend.jobs.models import Job
from tests.factories.calls import Calls, calls_to
from tests.factories.scheduling import PlanningDay, empty_day


@pytest.fixture
def day() -> PlanningDay:
    made = empty_day()
    made.customer.name, made.customer.phone = "欧阳静", "+8613812344821"
    wang = made.technician("王建国", vendor=True)
    theirs, _ours = made.job(10), made.job(14)
    theirs.technician_id, theirs.vendor_id = wang.id, made.vendor.id
    made.places[0].address = "北京市朝阳区阜通东大街 6 号院 7 号楼 1203 室"
    return made


@pytest.fixture
def calls(database_url: str, day: PlanningDay) -> Iterator[Calls]:
    asset = Asset(
        org_id=day.org.id, customer_id=day.customer.id, product_id=day.product.id, serial="SN-88213-A"
    )
    order = SalesOrder(
        org_id=day.org.id, channel="jd", order_no="JD2026-5507", case_id=day.case.id,
        customer_id=day.customer.id,
    )  # fmt: skip
    with calls_to(database_url) as made:
        made.write(day.save)
        made.write(lambda session: session.add_all([asset, order]))
        made.write(lambda session: setattr(session.get_one(Job, day.jobs[0].id), "asset_id", asset.id))
        yield made

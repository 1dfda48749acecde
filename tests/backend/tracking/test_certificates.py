"""A certificate's picture: set by the office, seen by the customer while its holder is to come."""

import datetime as dt
import io

import sqlalchemy as sa
from PIL import Image
from sqlmodel import Session, col

from backend.jobs.models import Job
from backend.technicians.models import TechnicianCertificate
from tests.factories.cast import Stage

MAKER = 0x010F


def photographed() -> bytes:
    """A large JPEG with the camera's notes."""
    buffer, tags = io.BytesIO(), Image.Exif()
    tags[MAKER] = "SecretPhoneMaker"
    Image.new("RGB", (2000, 1500), "white").save(buffer, "JPEG", exif=tags)
    return buffer.getvalue()


def needs_gas(session: Session, stage: Stage) -> None:
    """Our job needs a certificate, and our technician holds it."""
    world = stage.world
    session.execute(sa.update(Job).where(col(Job.id) == world.job.id).values(certificate="gas"))
    expires_on = dt.date(2099, 1, 1)
    session.add(TechnicianCertificate(technician_id=world.technician.id, code="gas", expires_on=expires_on))


def test_the_customer_sees_the_certificate_of_who_comes(on_stage: Stage) -> None:
    on_stage.calls.write(needs_gas, on_stage)
    office, world = on_stage.sign_in("dispatcher"), on_stage.world
    link = "/c/" + office.post(f"/api/jobs/{world.job.id}/customer-link").json()["url"].rpartition("/c/")[2]
    assert on_stage.client.get(f"{link}/certificate").status_code == 404
    assert "/certificate" not in on_stage.client.get(link).text
    path = f"/api/technicians/{world.technician.id}/certificates/gas/picture"
    assert office.request("PUT", path, content=b"no picture").status_code == 422
    unknown = path.replace("/gas/", "/electric/")
    assert office.request("PUT", unknown, content=photographed()).status_code == 404
    assert on_stage.sign_in("agent").request("PUT", path, content=photographed()).status_code == 403
    assert on_stage.sign_in("vendor").request("PUT", path, content=photographed()).status_code == 404
    assert office.request("PUT", path, content=photographed()).status_code == 204

    assert f'href="{link}/certificate"' in on_stage.client.get(link).text
    shown = on_stage.client.get(f"{link}/certificate")
    assert (shown.headers["content-type"], shown.headers["cache-control"]) == ("image/webp", "no-store")
    with Image.open(io.BytesIO(shown.content)) as image:
        assert (image.size, dict(image.getexif())) == ((900, 675), {})
    assert b"SecretPhoneMaker" not in shown.content
    on_stage.calls.write(lambda session: session.execute(sa.update(Job).values(status="closed")))
    assert on_stage.client.get(f"{link}/certificate").status_code == 404
    assert office.request("DELETE", path).status_code == 204


def test_the_office_lists_whom_customers_see(on_stage: Stage) -> None:
    on_stage.calls.write(needs_gas, on_stage)
    world, office = on_stage.world, on_stage.sign_in("dispatcher")
    photo = f"/api/technicians/{world.technician.id}/photo"
    assert office.get(photo).status_code == 404
    office.request("PUT", photo, content=photographed())
    listed = {one["name"]: one for one in office.get("/api/technicians").json()}
    mine = listed[world.technician.name]
    assert (mine["has_photo"], mine["vendor_name"]) == (True, "")
    assert mine["certificates"] == [{"code": "gas", "expires_on": "2099-01-01", "has_picture": False}]
    assert office.get(photo).headers["content-type"] == "image/webp"
    theirs = on_stage.sign_in("vendor").get("/api/technicians").json()
    assert [one["name"] for one in theirs] == [world.other_technician.name]
    assert on_stage.sign_in("clerk").get("/api/technicians").status_code == 403

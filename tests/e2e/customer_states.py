"""Every page a customer may see, one state after the other: a name and the address it has at that moment."""

from collections.abc import Iterator

import httpx
import sqlalchemy as sa
from sqlmodel import col

from backend.customers.models import Customer, Place
from tests.browsing import signed_in
from tests.e2e.pages.console import PASSWORD, Office
from tests.e2e.pages.doorbell import Doorbell
from tests.e2e.pages.street import Street, street
from tests.factories.bookable import town
from tests.servers import LiveServer

LONG_NAME = "内蒙古自治区呼和浩特市回民区海拉尔西街街道和谐家园社区第十二居民小组欧阳长孙诸葛女士"
LONG_ADDRESS = "呼和浩特市回民区海拉尔西街与巴彦淖尔北路交汇处向西三百米路北和谐家园二期南区12号楼3单元1802室"
Shown = tuple[str, str]


def every_state(server: LiveServer, portrait: bytes) -> Iterator[Shown]:
    """The pages of a report, of a visit as it unfolds, of booking, and what opens nothing."""
    yield from of_a_report(server)
    yield from of_a_visit(server, portrait)
    yield from of_booking(server)
    yield "link that opens nothing", f"{server.url}/c/{'A' * 43}"


def a_customer(base_url: str = "", *, follow_redirects: bool = False) -> httpx.Client:
    """A browser without a script; the first time that is chosen waits until the desk has compiled."""
    return httpx.Client(base_url=base_url, follow_redirects=follow_redirects, timeout=60)


def of_a_visit(server: LiveServer, portrait: bytes) -> Iterator[Shown]:
    with signed_in(server.url, "dispatcher", PASSWORD) as client:
        doorbell = Doorbell(Office(client), server)
        address = f"/api/technicians/{doorbell.technician_id}/photo"
        assert client.put(address, content=portrait).status_code == 204
    link = doorbell.link
    yield "assigned", link
    yield "note", f"{link}/note"
    yield "messages", f"{link}/messages"
    yield "news on the lock screen", f"{link}/alerts"
    doorbell.depart()
    yield "on the way", link
    doorbell.send("arrive")
    yield "on site", link
    doorbell.finish()
    yield "done", link
    yield "sign", f"{link}/sign"
    doorbell.sign()
    yield "signed", link
    yield "signed copy", f"{link}/copy"
    yield "rate", f"{link}/rate"
    with a_customer() as customer:
        assert customer.post(f"{link}/rate", data={"stars": "2"}).status_code == 303
    yield "rated", f"{link}/rate"
    doorbell.phone.close()


def of_booking(server: LiveServer) -> Iterator[Shown]:
    """A customer with a long name who chooses, and two who want the only time there is."""
    with street(server, town(2, 1, days=5)) as opened:
        _lengthen(opened)
        link = server.url + opened.path()
        yield "not booked", link
        with a_customer() as customer:
            # Somebody has looked before: a region's days are worked out once, and kept.
            slot = customer.get(f"{link}/book").text.split('name="slot" value="')[1].split('"')[0]
            yield "choose a time", f"{link}/book"
            assert customer.post(f"{link}/book", data={"slot": slot}).status_code == 303
            yield "confirm a time", f"{link}/book"
            assert customer.post(f"{link}/book/confirm", data={"slot": slot}).status_code == 303
        yield "booked", link
        yield "change the time", f"{link}/book"
        yield "cancel", f"{link}/cancel"
        with a_customer() as customer:
            assert customer.post(f"{link}/cancel", data={"reason": "time"}).status_code == 303
        yield "cancelled", link
    full = town(1, 1, days=1, windows=[[9, 11]])
    full.shifts, full.rules.days = [], 2
    with street(server, full) as opened:
        link = server.url + opened.path()
        with a_customer() as customer:
            customer.get(f"{link}/book")
            yield "nothing fits", f"{link}/book"
            assert customer.post(f"{link}/book/wait", data={"part": "any"}).status_code == 303
        yield "waiting", f"{link}/book"
    unplaced = town(1, 0)
    unplaced.job(located=False)
    with street(server, unplaced) as opened:
        link = server.url + opened.path()
        yield "address no map knows", f"{link}/book"
        yield "where one lives", f"{link}/map"


def of_a_report(server: LiveServer) -> Iterator[Shown]:
    start = f"{server.url}/report"
    yield "report: product", start
    with a_customer(base_url=server.url, follow_redirects=True) as customer:
        slug = customer.get("/report").text.split('action="', 1)[1].split("?")[0]
        begun = customer.post(slug, data={"sku": "SM-WD10", "serial": "WD10-1"}).url
        draft = str(begun).partition("/need")[0]
        yield "report: what is wrong", f"{draft}/need"
        customer.post(f"{draft}/need", data={"need": "repair:no_drain"})
        yield "report: what to try", f"{draft}/help"
        customer.post(f"{draft}/help", data={"helped": "no"})
        yield "report: details", f"{draft}/details"
        customer.post(f"{draft}/details", data={"text": "滚筒里都是水"})
        yield "report: contact", f"{draft}/contact"
        customer.post(f"{draft}/contact", data={"to": "map", "address": "天通西苑三区 8 号楼"})
        yield "report: map", f"{draft}/map"
        person = {"name": "孙小姐", "phone": f"154{abs(hash(draft)) % 10**8:08d}", "consent": "1"}
        customer.post(f"{draft}/contact", data={**person, "address": "昌平区天通西苑三区 8 号楼"})
        yield "report: sent", f"{draft}/done"


def _lengthen(opened: Street) -> None:
    job = opened.town.jobs[0]
    name = sa.update(Customer).where(col(Customer.id) == job.customer_id).values(name=LONG_NAME)
    address = sa.update(Place).where(col(Place.id) == job.place_id).values(address=LONG_ADDRESS)
    opened.calls.write(lambda session: [session.execute(one) for one in (name, address)])

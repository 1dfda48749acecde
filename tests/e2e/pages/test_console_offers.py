"""A job nobody has yet is offered to people in an order; the board follows what they say."""

from playwright.sync_api import expect

from tests.browsing import signed_in
from tests.e2e.pages.console import PASSWORD, Console, Office
from tests.servers import LiveServer

ANSWERING = [*(f"tech{number:02}" for number in range(1, 11)), "xunda", "anju"]


def asked(server: LiveServer) -> list[tuple[str, str]]:
    """Who is asked right now, by login, and which offer it is."""
    found = []
    for login in ANSWERING:
        with signed_in(server.url, login, PASSWORD) as client:
            found += [(login, question["offer_id"]) for question in client.get("/api/offers/mine").json()]
    return found


def answer(server: LiveServer, said: str, **data: str) -> None:
    """The one person who is asked answers."""
    ((login, offer_id),) = asked(server)
    with signed_in(server.url, login, PASSWORD) as client:
        reply = client.post(f"/api/offers/{offer_id}/{said}", json=data or None)
        assert reply.status_code == 200, reply.text


def offer(console: Console, office: Office) -> dict[str, str]:
    """Opens the best ranked people's list for a job and asks the first three."""
    job, _technician = office.free_slot()
    console.open_day()
    console.find(job["number"])
    console.page.get_by_role("button", name="发起派单询问").click()
    first = console.page.get_by_role("checkbox").first
    expect(first).to_be_checked()
    console.page.get_by_role("button", name="询问 3 人").click()
    expect(console.panel(job["number"]).get_by_text("询问中")).to_be_visible()
    return job


def test_who_accepts_first_has_the_job_and_the_board_shows_it(
    own_console: Console, own_office: Office, live_server: LiveServer
) -> None:
    """The first of the list is asked and says no; the second says yes and is on the board."""
    job = offer(own_console, own_office)
    panel = own_console.panel(job["number"])
    expect(panel.get_by_text("等回复")).to_have_count(1)
    answer(live_server, "decline", reason="too_far")
    expect(panel.get_by_text("太远")).to_be_visible()
    answer(live_server, "accept")
    expect(panel.get_by_text("已有人接单")).to_be_visible()
    expect(own_console.bar(job["job_id"])).to_be_visible()
    assert own_office.job(job["job_id"])["technician_id"] is not None


def test_an_offer_is_taken_back(own_console: Console, own_office: Office, live_server: LiveServer) -> None:
    """Whoever was asked is asked no more, and the job can be offered again."""
    job = offer(own_console, own_office)
    own_console.page.get_by_role("button", name="收回询问").click()
    expect(own_console.panel(job["number"]).get_by_text("已收回").first).to_be_visible()
    assert asked(live_server) == []
    expect(own_console.page.get_by_role("button", name="发起派单询问")).to_be_visible()

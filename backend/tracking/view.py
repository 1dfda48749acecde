"""The customer's page as plain data: every sentence chosen here, nothing left for the template to decide."""

import datetime as dt
from zoneinfo import ZoneInfo

from backend.jobs.lifecycle import JobStatus
from backend.privacy.disclosure import AFTER
from backend.tracking import arrival, promises
from backend.tracking.arrival import ArrivalRange, Basis
from backend.tracking.coming import forecast_of
from backend.tracking.facts import Facts
from backend.tracking.page_view import PageView, StepView, WhoView
from backend.tracking.people import who_view
from backend.tracking.receipt import Fee, fee_text
from backend.tracking.timeline import Entry, timeline
from backend.tracking.whereabouts import distance_to_door_m, whereabouts
from backend.tracking.words import WORDS, Language, day_text, moment_text, money_text, span_text

STATES = {
    JobStatus.RECEIVED: "booked",
    JobStatus.QUALIFIED: "booked",
    JobStatus.BOOKED: "booked",
    JobStatus.DECLINED: "booked",
    JobStatus.ASSIGNED: "assigned",
    JobStatus.ACCEPTED: "assigned",
    JobStatus.EN_ROUTE: "en_route",
    JobStatus.ON_SITE: "on_site",
    JobStatus.DIAGNOSED: "on_site",
    JobStatus.REWORK: "on_site",
    JobStatus.DONE: "done",
    JobStatus.SIGNED: "done",
    JobStatus.CLOSED: "done",
    JobStatus.CANCELLED: "cancelled",
}
FINAL = frozenset({JobStatus.SIGNED, JobStatus.CLOSED, JobStatus.CANCELLED})
OFFERED = frozenset({JobStatus.ASSIGNED, JobStatus.ACCEPTED})
UNDER_WAY = frozenset(
    {JobStatus.EN_ROUTE, JobStatus.ON_SITE, JobStatus.DIAGNOSED, JobStatus.REWORK, JobStatus.DONE}
)
WITH_TECHNICIAN = OFFERED | UNDER_WAY | {JobStatus.SIGNED, JobStatus.CLOSED}
# States that share their words with another, and the sentence below an arrival time.
SPOKEN_AS = {
    JobStatus.QUALIFIED: "received",
    JobStatus.BOOKED: "received",
    JobStatus.DECLINED: "received",
    JobStatus.DIAGNOSED: "on_site",
    JobStatus.CLOSED: "signed",
}
LINES = {JobStatus.ASSIGNED: "unconfirmed_line", JobStatus.ACCEPTED: "assigned_line"}
# Where nothing can be chosen here, and whoever wants the visit calls.
LEFT_TO_CALL = frozenset({JobStatus.CANCELLED, JobStatus.NEEDS_PART, JobStatus.TO_WORKSHOP})
# Nobody was met; a new time can be chosen.
MISSED = frozenset({JobStatus.NO_SHOW, JobStatus.CUSTOMER_ABSENT})
NEAR_M = 400
REFRESH_ON_THE_WAY_S = 30
REFRESH_S = 120


def service_text(facts: Facts, language: Language) -> str:
    """What is done to which product."""
    is_english = language is Language.ENGLISH
    product = (facts.product_en or facts.product) if is_english else facts.product
    return f"{WORDS[language][f'type_{facts.type.value}']} · {product}"


class PageBuilder:
    """Builds the page of one customer at one moment."""

    def __init__(self, facts: Facts, language: Language) -> None:
        self.facts, self.language, self.now = facts, language, facts.now
        self.words = WORDS[language]
        self.zone = ZoneInfo(facts.zone)
        self.today = facts.now.astimezone(self.zone).date()
        self.distance = distance_to_door_m(facts.seen, facts.home)
        self.known = forecast_of(facts)
        self.range = arrival.shown(self.known, self.now) if self.known else None
        self.alarm = self._alarm()

    def build(self, expires_at: dt.datetime) -> PageView:
        """The page; `expires_at` is when its link closes."""
        facts, words, is_final = self.facts, self.words, self.facts.status in FINAL
        on_the_way = facts.status is JobStatus.EN_ROUTE
        kicker, headline, line = self._headline()
        state, state_word = self._state()
        return PageView(
            number=facts.number,
            state=state,
            state_word=state_word,
            kicker=kicker,
            headline=headline,
            line=line,
            notes=self._notes(),
            promised=self._promised(),
            who=self._who(),
            where=whereabouts(facts, self.distance, self.range, words) if on_the_way else None,
            steps=[self._step(entry) for entry in timeline(facts.history, facts.status)],
            details=self._details(),
            link_note=words["link_note"].format(date=self._day(expires_at)),
            is_live=not is_final,
            refresh_s=0 if is_final else REFRESH_ON_THE_WAY_S if on_the_way else REFRESH_S,
            reload_without_script_s=REFRESH_ON_THE_WAY_S if on_the_way else 0,
            is_signable=facts.status is JobStatus.DONE,
            has_receipt=facts.status in {JobStatus.SIGNED, JobStatus.CLOSED},
            alarm=self.alarm,
            standing=facts.standing,
            change_until=self._change_until(),
            hotline=facts.standing.hotline if facts.status in LEFT_TO_CALL else "",
            is_ratable=facts.is_ratable,
            can_note=facts.can_note,
            rated=words["rated_note"].format(stars=facts.stars) if facts.stars else "",
        )

    # when ---------------------------------------------------------------------------------------------

    def _alarm(self) -> str:
        """ "late", "at_risk" or nothing: how the range stands to what was promised."""
        if self.known is None or self.range is None or self.facts.window is None:
            return ""
        promised_end = self.facts.window[1]
        if self.range.earliest > promised_end:
            return "late"
        return "at_risk" if promises.is_at_risk(self.known, promised_end) else ""

    def _range_text(self, found: ArrivalRange) -> str:
        earliest, latest = self._local(found.earliest), self._local(found.latest)
        if found.earliest == self.now:
            return self.words["by_time"].format(time=f"{latest:%H:%M}")
        return span_text(earliest, latest)

    def _window_text(self) -> str:
        if self.facts.window is None:
            return self.words["no_window"]
        start, end = (self._local(instant) for instant in self.facts.window)
        return f"{day_text(start.date(), self.today, self.language)} {span_text(start, end)}"

    def _promised(self) -> str:
        """The promise, where the headline says something finer."""
        if self.range is None or self.facts.window is None:
            return ""
        return self.words["promised"].format(window=self._window_text())

    # what ---------------------------------------------------------------------------------------------

    def _state(self) -> tuple[str, str]:
        status = self.facts.status
        if self.alarm:
            return (
                ("failed", self.words["state_late"])
                if self.alarm == "late"
                else ("at_risk", self.words["state_at_risk"])
            )
        if status is JobStatus.DECLINED:
            return "booked", self.words["state_reassigning"]
        if status is JobStatus.RECEIVED or (status is JobStatus.QUALIFIED and self._may_choose()):
            return "booked", self.words["state_choose"]
        state = STATES.get(status, "failed")
        return ("booked" if state == "cancelled" else state), self.words[f"state_{state}"]

    def _headline(self) -> tuple[str, str, str]:
        """What the large line is about ("" when it says so itself), the line, and the sentence below."""
        status, words = self.facts.status, self.words
        if status is JobStatus.EN_ROUTE or status in OFFERED:
            return self._time_headline()
        if status in {JobStatus.BOOKED, JobStatus.DECLINED} and self.facts.window is not None:
            line = "reassigning_line" if status is JobStatus.DECLINED else "booked_line"
            return words["visit_time"], self._window_text(), words[line]
        if status is JobStatus.QUALIFIED and self._may_choose():
            return "", words["received_head"], words["choose_time_line"]
        if status in MISSED and self._may_choose():
            return "", words[f"{status.value}_head"], words["choose_again_line"]
        key = SPOKEN_AS.get(status, status.value)
        arrived_at = self.facts.attempt.arrived_at if self.facts.attempt else None
        time = f"{self._local(arrived_at):%H:%M}" if arrived_at else ""
        return "", words[f"{key}_head"], words[f"{key}_line"].format(time=time)

    def _may_choose(self) -> bool:
        """Whether the page has a button to choose a time."""
        return self.facts.standing.state == "choose"

    def _time_headline(self) -> tuple[str, str, str]:
        words, status = self.words, self.facts.status
        line = words[LINES.get(status, "en_route_line")]
        if self.range is None:
            return words["visit_time"], self._window_text(), line
        if self.range.basis is Basis.SIGNAL_LOST:
            line = words["lost_line"]
        elif self.range.basis is Basis.POSITION and self.distance is not None and self.distance < NEAR_M:
            line = words["en_route_near"]
        return words["arrival_time"], self._range_text(self.range), line

    def _notes(self) -> list[str]:
        if self.range is None or self.facts.status not in OFFERED or self.facts.attempt is None:
            return []
        count = self.facts.attempt.stops_ahead
        return [self.words[f"stops_{count if count < 2 else 'n'}"].format(count=count)]

    def _change_until(self) -> str:
        """Until when the appointment may be changed here."""
        until = self.facts.standing.until
        if until is None:
            return ""
        time = moment_text(self._local(until), self.today, self.language)
        return self.words["standing_until"].format(time=time)

    def _details(self) -> list[tuple[str, str]]:
        facts, words = self.facts, self.words
        service = (words["service"], service_text(facts, self.language))
        number = (words["job_number"], facts.number)
        if self._is_over():
            return [service, *self._fees(), number]
        said = [(words["noted"], "\n".join(facts.notes))] if facts.notes else []
        window, address = (words["window"], self._window_text()), (words["address"], facts.address)
        return [service, window, address, *said, *self._fees(), number]

    def _fees(self) -> list[tuple[str, str]]:
        """What was agreed to be paid for deciding late."""
        return [(self.words["fee_title"], self._fee(fee)) for fee in self.facts.fees]

    def _fee(self, fee: Fee) -> str:
        why = fee_text(fee, self.zone, self.language, self.words)
        return f"{why}: {money_text(fee.amount_fen, self.facts.currency)}"

    def _is_over(self) -> bool:
        """Whether the case is closed, or signed a day ago: then who came and where is nobody's business."""
        window = self.facts.window
        is_past = window is not None and self.now > window[1] + AFTER
        is_signed = self.facts.status is JobStatus.SIGNED
        return self.facts.status in {JobStatus.CLOSED, JobStatus.CANCELLED} or (is_signed and is_past)

    def _step(self, entry: Entry) -> StepView:
        time = ""
        # In a replay the office acts by the wall's clock, at times the played day has not reached.
        if entry.at is not None and entry.at <= self.now:
            local = self._local(entry.at)
            time = f"{local:%H:%M}" if local.date() == self.today else f"{self._day(entry.at)} {local:%H:%M}"
        return StepView(self.words[f"step_{entry.key}"], time, entry.mark.value)

    def _who(self) -> WhoView | None:
        facts = self.facts
        if facts.who is None or facts.status not in WITH_TECHNICIAN or self._is_over():
            return None
        return who_view(facts.who, facts.org_name, self.words, can_call=self._can_call())

    def _can_call(self) -> bool:
        """Around the visit: on its day until it is signed."""
        window = self.facts.window
        is_today = window is not None and self._local(window[0]).date() == self.today
        return self.facts.status in UNDER_WAY or (self.facts.status is JobStatus.ACCEPTED and is_today)

    # time ---------------------------------------------------------------------------------------------

    def _local(self, instant: dt.datetime) -> dt.datetime:
        return instant.astimezone(self.zone)

    def _day(self, instant: dt.datetime) -> str:
        return day_text(self._local(instant).date(), self.today, self.language)

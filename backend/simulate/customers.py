"""Customers who look at their link again and again until the technician has been."""

import datetime as dt
from urllib.parse import urlsplit

from backend.simulate.clock import Clock
from backend.simulate.connection import Connection, NoAnswerError, RefusedError
from backend.simulate.tally import Tally

LOOK_EVERY = dt.timedelta(minutes=8)


class Customer:
    """One phone browser with a link and no account."""

    def __init__(
        self, connection: Connection, clock: Clock, tally: Tally, url: str, until: dt.datetime
    ) -> None:
        self.connection, self.clock, self.tally, self.until = connection, clock, tally, until
        self.path = urlsplit(url).path

    async def look(self, first: dt.datetime) -> None:
        """Open the page from `first` on, every few minutes."""
        await self.clock.sleep_until(first)
        while self.clock.now() < self.until:
            try:
                await self.connection.page("customer", self.path)
            except (RefusedError, NoAnswerError) as error:
                self.tally.refusals[f"customer page: {error}"] += 1
            await self.clock.sleep_until(self.clock.now() + LOOK_EVERY)

"""A phone's signal, as one thing that can be lost and found."""

from dataclasses import dataclass

from playwright.sync_api import BrowserContext

from tests.e2e.cut_proxy import CutProxy


@dataclass(frozen=True)
class PhoneSignal:
    """Two halves. The browser's offline mode fires `offline` and `online`, but some Chromium builds let a
    service worker's own requests through it after a reload; the proxy stops those as well.
    """

    context: BrowserContext
    proxy: CutProxy

    def lose(self) -> None:
        self.context.set_offline(True)
        self.proxy.down()

    def find(self) -> None:
        self.proxy.up()
        self.context.set_offline(False)

"""Which product an order line means, from a model column or from the words of a shop's title."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from backend.imports.reasons import LineError

MIN_SKU_IN_TEXT = 4
SHOWN_CANDIDATES = 3


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """What matching needs of a product; `services` are the job types it can be booked for."""

    sku: str
    name: str
    name_en: str = ""
    category: str = ""
    services: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ProductIndex:
    """The organisation's products by every spelling of their model and name."""

    products: tuple[KnownProduct, ...]
    _by_sku: dict[str, KnownProduct] = field(default_factory=dict, repr=False)
    _by_name: dict[str, list[KnownProduct]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, products: Iterable[KnownProduct]) -> "ProductIndex":
        index = cls(tuple(products))
        for product in index.products:
            index._by_sku[_bare(product.sku)] = product
            for name in filter(None, (_bare(product.name), _bare(product.name_en))):
                index._by_name.setdefault(name, []).append(product)
        return index

    def match(self, models: Iterable[str], texts: Iterable[str]) -> KnownProduct:
        """The product of a line. A model that is ours decides; else a model or a full name in the texts.

        Raises `LineError` when none or several fit.
        """
        given = [text for text in models if text]
        spoken = [text for text in texts if text]
        for text in (*given, *spoken):
            if product := self._by_sku.get(_bare(text)):
                return product
        for find in (self._skus_in, self._names_in):
            found = {product.sku: product for text in (*given, *spoken) for product in find(text)}
            if len(found) == 1:
                return next(iter(found.values()))
            if found:
                raise LineError("ambiguous_product", "product", candidates=", ".join(sorted(found)))
        raise self._unknown(" ".join((*given, *spoken)))

    def _skus_in(self, text: str) -> list[KnownProduct]:
        """Models that stand in a text as whole words; a model inside a longer one does not count."""
        plain = unicodedata.normalize("NFKC", text).casefold()
        spans = []
        for sku, product in self._by_sku.items():
            if len(sku) < MIN_SKU_IN_TEXT:
                continue
            spans += [(*match.span(), product) for match in re.finditer(_loose(sku), plain)]
        return _outermost(spans)

    def _names_in(self, text: str) -> list[KnownProduct]:
        bare = _bare(text)
        spans = [
            (at, at + len(name), product)
            for name, products in self._by_name.items()
            if len(name) > 1 and (at := bare.find(name)) >= 0
            for product in products
        ]
        return _outermost(spans)

    def _unknown(self, text: str) -> LineError:
        close = difflib.get_close_matches(_bare(text)[:60], list(self._by_sku), SHOWN_CANDIDATES, 0.75)
        hint = f"{text[:60]} → {', '.join(self._by_sku[each].sku for each in close)}?" if close else text[:80]
        return LineError("unknown_product", "product", value=hint)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _loose(sku: str) -> str:
    """A pattern for a bare model with any separators in it, not touching other Latin letters or digits."""
    inner = r"[\s\-_/.]*".join(re.escape(char) for char in sku)
    return rf"(?<![0-9a-z]){inner}(?![0-9a-z])"


def _outermost(spans: list[tuple[int, int, KnownProduct]]) -> list[KnownProduct]:
    return [
        product
        for start, end, product in spans
        if not any(a <= start and end <= b and b - a > end - start for a, b, _ in spans)
    ]

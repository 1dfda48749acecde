"""What a report may be about: a short catalogue as it is, a long one by what is sought in it."""

import re
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from backend.assets.models import Product
from backend.report import repository

# As many as stay within a page's 15 KB whatever they are called.
MOST_SHOWN = 30
MOST_SOUGHT = 60
MOST_PIECES = 24
# Chinese has no spaces between words, so each pair of neighbours is sought; everything else word by word.
_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+(?:[-./][^\W_\u3400-\u9fff]+)*")


@dataclass(frozen=True)
class Shelf:
    """Products to choose from. Of a long catalogue only what was `sought`; `has_more` may fit as well."""

    products: Sequence[Product]
    sought: str = ""
    is_long: bool = False
    has_more: bool = False


def shelf(session: Session, org_id: uuid.UUID, sought: str) -> Shelf:
    """The whole catalogue where a page holds it, else what fits what was sought best."""
    everything = repository.products(session, org_id, limit=MOST_SHOWN + 1)
    if len(everything) <= MOST_SHOWN:
        return Shelf(everything)
    found = repository.products_like(session, org_id, pieces(sought), limit=MOST_SHOWN + 1)
    return Shelf(found[:MOST_SHOWN], sought, is_long=True, has_more=len(found) > MOST_SHOWN)


def pieces(sought: str) -> list[str]:
    """What to look for in names: "10KG 洗衣机" is 10kg, 洗衣 and 衣机. None of them holds % or _."""
    text = unicodedata.normalize("NFKC", sought[:MOST_SOUGHT]).lower()
    found: dict[str, None] = {}
    for run in _RUN.findall(text):
        is_chinese = "\u3400" <= run[0] <= "\u9fff"
        whole = [run] if len(run) < 2 or not is_chinese else []
        found |= dict.fromkeys(whole or [run[at : at + 2] for at in range(len(run) - 1)])
    return list(found)[:MOST_PIECES]

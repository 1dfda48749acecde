"""JSON orders: a list of objects, an object that holds one, or an object a line."""

import json
from collections.abc import Iterator
from typing import Any

from backend.imports.columns import MIN_RECOGNISED, recognised
from backend.imports.encodings import decode
from backend.imports.reasons import OrderFileError
from backend.imports.tables import MAX_COLUMNS, MAX_ROWS, SourceRow, Table

LIST_KEYS = ("orders", "data", "items", "rows", "list", "result")
ARTICLE_KEYS = ("items", "lines", "articles", "products", "skus")


def read_json(data: bytes) -> Table:
    """One row an order, or one a line where an order lists several articles; row 1 is the keys."""
    text, encoding = decode(data)
    records = [flat for order in _orders(_parse(text)) for flat in _flattened(order)]
    if len(records) > MAX_ROWS:
        raise OrderFileError("too_many_rows", limit=MAX_ROWS)
    keys = list(dict.fromkeys(key for record in records for key in record))
    if len(keys) > MAX_COLUMNS:
        raise OrderFileError("too_many_columns", limit=MAX_COLUMNS)
    rows = [SourceRow.of(1, keys)]
    for line, record in enumerate(records, start=2):
        rows.append(SourceRow.of(line, (record.get(key, "") for key in keys)))
    return Table("json", encoding, tuple(rows))


def _parse(text: str) -> object:
    try:
        return _loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return [_loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise OrderFileError("json_unreadable") from error


def _loads(text: str) -> object:
    # Numbers stay as they are written: a phone number must not become a float on its way.
    document: object = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    return document


def _orders(document: object) -> list[dict[str, Any]]:
    if isinstance(document, dict):
        lists = [document[key] for key in LIST_KEYS if isinstance(document.get(key), list)]
        is_one_order = not lists or recognised(document) >= MIN_RECOGNISED
        document = [document] if is_one_order else lists[0]
    if not isinstance(document, list) or not document:
        raise OrderFileError("json_not_orders")
    if not all(isinstance(order, dict) for order in document):
        raise OrderFileError("json_not_orders")
    return document


def _article_key(order: dict[str, Any]) -> str | None:
    for key in ARTICLE_KEYS:
        articles = order.get(key)
        if isinstance(articles, list) and articles and all(isinstance(each, dict) for each in articles):
            return key
    return None


def _flattened(order: dict[str, Any]) -> Iterator[dict[str, str]]:
    key = _article_key(order)
    shared = {name: _text(value) for name, value in order.items() if name != key}
    if key is None:
        yield shared
        return
    for article in order[key]:
        yield shared | {name: _text(value) for name, value in article.items()}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)

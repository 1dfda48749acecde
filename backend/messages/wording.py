"""An organisation's words as templates: checked when kept, filled in by a sandbox, counted as SMS."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from backend.errors import BadInputError
from backend.messages.words import NAMES

_environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=False)
# Words, names, and choosing between words: nothing that runs on, calls or looks into anything.
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.CondExpr, nodes.Compare,
    nodes.Operand, nodes.Const, nodes.Not, nodes.And, nodes.Or,
)  # fmt: skip
_ONE_BRACE = re.compile(r"(?<!\{)\{\s*(\w+)\s*\}(?!\})")
MOST_TEXT = 2_000
# GSM 03.38: what one SMS holds as 7-bit characters; those of the extension count twice.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENSION = frozenset("^{}\\[~]|€\f")
_GSM_ROOM, _UCS2_ROOM = (160, 153), (70, 67)


class BadTemplateError(BadInputError):
    """Words that are no template, or name what no message knows: `line`, `column` (from 1), `excerpt`."""

    code = "bad_template"

    def __init__(self, detail: str, text: str, line: int, column: int, reason: str) -> None:
        lines = text.split("\n")
        excerpt = lines[min(line, len(lines)) - 1][max(0, column - 11) : column + 20]
        super().__init__(detail, line=line, column=column, excerpt=excerpt, reason=reason, names=list(NAMES))


@dataclass(frozen=True)
class SmsLength:
    """What a text costs as SMS: characters as the network counts them, and in how many parts it goes."""

    units: int
    parts: int
    encoding: str


def check(text: str) -> None:
    """Raise BadTemplateError, with the place of the first mistake, unless every message can be made of it."""
    for found in _ONE_BRACE.finditer(text):
        if found[1] in NAMES:
            detail = f"Write {{{{ {found[1]} }}}} with two braces."
            raise BadTemplateError(detail, text, *_place(text, found.start()), "one_brace")
    try:
        tree = _environment.parse(text)
    except TemplateSyntaxError as error:
        line = max(1, error.lineno)
        raise BadTemplateError(
            error.message or "", text, line, _last_opening(text, line), "syntax"
        ) from error
    for node in _walk(tree):
        if not isinstance(node, _ALLOWED):
            name = type(node).__name__.lower()
            column = _last_opening(text, node.lineno)
            raise BadTemplateError(f"{name} is not possible here.", text, node.lineno, column, "not_allowed")
        if isinstance(node, nodes.Name) and node.name not in NAMES:
            place = _place_of_name(text, node.lineno, node.name)
            raise BadTemplateError(f"A message knows no {node.name}.", text, *place, "unknown_name")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The words with their names filled in; a name without a value is nothing."""
    return _compiled(text).render({**dict.fromkeys(NAMES, ""), **values}).strip()[:MOST_TEXT]


def sms_length(text: str) -> SmsLength:
    """How a text is counted: 160 characters of the 7-bit alphabet or 70 others, fewer when it is split."""
    if all(char in _GSM or char in _GSM_EXTENSION for char in text):
        units = sum(2 if char in _GSM_EXTENSION else 1 for char in text)
        room, encoding = _GSM_ROOM, "gsm"
    else:
        units, room, encoding = len(text.encode("utf-16-be")) // 2, _UCS2_ROOM, "ucs2"
    parts = 1 if units <= room[0] else -(-units // room[1])
    return SmsLength(units, parts, encoding)


@lru_cache(maxsize=512)
def _compiled(text: str) -> Template:
    return _environment.from_string(text)


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _place(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _place_of_name(text: str, line: int, name: str) -> tuple[int, int]:
    start = sum(len(one) + 1 for one in text.split("\n")[: line - 1])
    found = re.compile(rf"\{{[{{%][^}}]*?\b{re.escape(name)}\b").search(text, start)
    return _place(text, found.end() - len(name)) if found else (line, 1)


def _last_opening(text: str, line: int) -> int:
    lines = text.split("\n")
    at = lines[min(line, len(lines)) - 1]
    return max(at.rfind("{{"), at.rfind("{%"), 0) + 1

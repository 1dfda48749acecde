"""Turning a page's data into HTML that needs nothing else: styles and script inlined under a nonce."""

import json
import re
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Response
from markupsafe import Markup

from backend.tracking.words import Language

TOKENS, SCRIPT = "src/ui/tokens.css", "src/customer/live.ts"
SPAN = re.compile(r"(\d\d:\d\d–\d\d:\d\d)")
MANIFEST = Path(".vite/manifest.json")
PRIVATE = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}

_environment = Environment(
    loader=PackageLoader("backend", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def unbroken(text: str) -> Markup:
    """A text whose spans of time ("09:00–11:00") stay on one line."""
    # Every second part is a span.
    kept = Markup('<span class="span">{}</span>')
    return Markup("").join(kept.format(part) if n % 2 else part for n, part in enumerate(SPAN.split(text)))


_environment.filters["unbroken"] = unbroken


def html(
    template: str,
    language: Language,
    front_end: Path,
    *,
    status: int = 200,
    has_form: bool = False,
    script_source: str = SCRIPT,
    **data: Any,
) -> Response[str]:
    """A page that may load nothing from anywhere: its one style and one script carry a nonce.

    Templates of another feature are named with its folder. Forms are sent to this server alone.
    """
    nonce = secrets.token_urlsafe(16)
    text = _environment.get_template(template if "/" in template else f"tracking/{template}").render(
        language=language,
        nonce=nonce,
        tokens=asset(front_end, TOKENS),
        script=asset(front_end, script_source) if script_source else "",
        **data,
    )
    forms = "'self'" if has_form else "'none'"
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'; "
        f"img-src data:; base-uri 'none'; form-action {forms}; frame-ancestors 'none'"
    )
    headers = {**PRIVATE, "Content-Security-Policy": policy, "Content-Language": language.value}
    return Response(text, status_code=status, media_type=MediaType.HTML, headers=headers)


@lru_cache(maxsize=16)
def asset(front_end: Path, source: str) -> str:
    """The built text of one source file; styles also come unbuilt from the project, a script only built.

    A page without its script works all the same, so a missing build is no error.
    """
    manifest = front_end / MANIFEST
    if manifest.is_file():
        built: dict[str, dict[str, str]] = json.loads(manifest.read_text(encoding="utf-8"))
        if source in built:
            return (front_end / built[source]["file"]).read_text(encoding="utf-8")
    plain = front_end.parent / source
    if plain.suffix == ".css" and plain.is_file():
        return plain.read_text(encoding="utf-8")
    return ""

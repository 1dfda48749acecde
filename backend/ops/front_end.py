"""The built front end: shells are always checked for a new version, hashed assets are kept for ever."""

import mimetypes
from pathlib import Path
from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import File, Redirect

from backend.errors import NotFoundError
from backend.settings import Settings
from backend.tracking.lost_page import on_no_file
from backend.web.middleware import CONTENT_SECURITY_POLICY

IMMUTABLE = "public, max-age=31536000, immutable"
CHECK_EACH_TIME = "no-cache"
# Phones without a barcode reader of their own run a compiled one; compiling is all this allows.
WITH_BARCODE_READER = CONTENT_SECURITY_POLICY.replace(
    "script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"
)


class NoSuchFileError(NotFoundError):
    """What is asked for is not part of the built front end."""


def _file(root: Path, inside: str, cache_control: str) -> File:
    """A file strictly below `root`."""
    base = root.resolve()
    path = (base / inside.lstrip("/")).resolve()
    if not path.is_relative_to(base) or not path.is_file():
        raise NoSuchFileError("No such file.")
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if path.suffix == ".webmanifest":
        media_type = "application/manifest+json"
    return File(
        path,
        media_type=media_type,
        content_disposition_type="inline",
        headers={"Cache-Control": cache_control},
    )


@get("/assets/{path:path}", sync_to_thread=True)
def asset(path: FromPath[str], settings: NamedDependency[Settings]) -> File:
    """A hashed asset; its name changes with its content."""
    return _file(settings.front_end_dir / "assets", path, IMMUTABLE)


def _shell(surface: str, request: Request[Any, Any, Any], settings: Settings) -> File | Redirect:
    """A surface's page; without the final slash it would lie outside its service worker's scope."""
    if not request.scope["raw_path"].endswith(b"/"):
        return Redirect(f"/{surface}/")
    if not (settings.front_end_dir / surface / "index.html").is_file():
        raise NotFoundError("The front end is not built: run `make run` or `npm --prefix pwa run build`.")
    page = _file(settings.front_end_dir, f"{surface}/index.html", CHECK_EACH_TIME)
    if surface == "technician":
        page.headers["Content-Security-Policy"] = WITH_BARCODE_READER
    return page


@get("/technician", sync_to_thread=True)
def technician_shell(request: Request[Any, Any, Any], settings: NamedDependency[Settings]) -> File | Redirect:
    return _shell("technician", request, settings)


@get("/console", sync_to_thread=True)
def console_shell(request: Request[Any, Any, Any], settings: NamedDependency[Settings]) -> File | Redirect:
    return _shell("console", request, settings)


@get("/technician/{path:path}", sync_to_thread=True)
def technician_file(path: FromPath[str], settings: NamedDependency[Settings]) -> File:
    """The technician app's own files: service worker, manifest, icons."""
    return _file(settings.front_end_dir / "technician", path, CHECK_EACH_TIME)


@get("/console/{path:path}", sync_to_thread=True)
def console_file(path: FromPath[str], settings: NamedDependency[Settings]) -> File:
    """The console's own files."""
    return _file(settings.front_end_dir / "console", path, CHECK_EACH_TIME)


@get("/", sync_to_thread=False)
def home() -> Response[None]:
    """Dispatchers start here; technicians come through their QR code."""
    return Redirect("/console/")


router = Router(
    "/",
    route_handlers=[home, asset, technician_shell, console_shell, technician_file, console_file],
    exception_handlers={NoSuchFileError: on_no_file},
    include_in_schema=False,
)

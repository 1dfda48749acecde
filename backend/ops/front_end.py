"""The built front end: shells are always checked for a new version, hashed assets are kept for ever."""

import mimetypes
from pathlib import Path

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import File, Redirect

from backend.errors import NotFoundError
from backend.settings import Settings

IMMUTABLE = "public, max-age=31536000, immutable"
CHECK_EACH_TIME = "no-cache"
SURFACES = ("technician", "console")


def _file(root: Path, inside: str, cache_control: str) -> File:
    """A file strictly below `root`."""
    base = root.resolve()
    path = (base / inside.lstrip("/")).resolve()
    if not path.is_relative_to(base) or not path.is_file():
        raise NotFoundError("No such file.")
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


def _shell(surface: str, settings: Settings) -> File:
    if not (settings.front_end_dir / surface / "index.html").is_file():
        raise NotFoundError("The front end is not built: run `make run` or `npm --prefix pwa run build`.")
    return _file(settings.front_end_dir, f"{surface}/index.html", CHECK_EACH_TIME)


@get(["/technician", "/console"], sync_to_thread=False)
def without_slash(request_path: NamedDependency[str]) -> Redirect:
    """The service worker's scope ends with a slash, so the address must too."""
    return Redirect(request_path + "/")


@get("/technician/", sync_to_thread=True)
def technician_shell(settings: NamedDependency[Settings]) -> File:
    return _shell("technician", settings)


@get("/console/", sync_to_thread=True)
def console_shell(settings: NamedDependency[Settings]) -> File:
    return _shell("console", settings)


@get(["/technician/{path:path}", "/console/{path:path}"], sync_to_thread=True)
def surface_file(
    path: FromPath[str], request_path: NamedDependency[str], settings: NamedDependency[Settings]
) -> File:
    """A surface's own files (service worker, manifest, icons)."""
    surface = request_path.split("/", 2)[1]
    return _file(settings.front_end_dir / surface, path, CHECK_EACH_TIME)


@get("/", sync_to_thread=False)
def home() -> Response[None]:
    """Dispatchers start here; technicians come through their QR code."""
    return Redirect("/console/")


router = Router(
    "/",
    route_handlers=[home, asset, without_slash, technician_shell, console_shell, surface_file],
    include_in_schema=False,
)

"""Subcommands for whoever runs the server: serve, migrate, openapi."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from backend.settings import Settings


def register(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Add serve, migrate and openapi."""
    serve = subparsers.add_parser("serve")
    serve.add_argument("--host", default=None)
    serve.add_argument("--port", type=int, default=None)
    serve.add_argument(
        "--demo", action="store_true", help="migrate first, fill an empty database with the demo day"
    )
    serve.set_defaults(run=run_serve)
    migrate = subparsers.add_parser("migrate")
    migrate.set_defaults(run=run_migrate)
    openapi = subparsers.add_parser("openapi")
    openapi.add_argument("file", nargs="?", default="docs/openapi.json")
    openapi.set_defaults(run=run_openapi)


def _settings(arguments: argparse.Namespace) -> Settings:
    given = {name: getattr(arguments, name, None) for name in ("host", "port")}
    return Settings(**{name: value for name, value in given.items() if value is not None})


def run_serve(arguments: argparse.Namespace) -> int:
    """Serve until interrupted; open live streams are ended, not waited for."""
    from backend.app import create_app
    from backend.company.welcome import told_when_empty
    from backend.demo.welcome import prepare
    from backend.ops.logs import configure_logs
    from backend.ops.server import StreamingServer, serving_config

    settings = _settings(arguments)
    configure_logs(settings)
    greeting = prepare(settings) if arguments.demo else told_when_empty(settings)
    server = StreamingServer(serving_config(create_app(settings), settings), greeting)
    server.run()
    return 0 if server.started else 1


def run_migrate(_arguments: argparse.Namespace) -> int:
    """Apply what the database lacks."""
    from backend.db.migrate import head_revision, upgrade

    upgrade(Settings().resolved_database_url)
    print(f"The database is at revision {head_revision()}.")
    return 0


def run_openapi(arguments: argparse.Namespace) -> int:
    """Write the API's description to a file, `-` for standard output."""
    from backend.app import create_app

    schema = create_app().openapi_schema.to_schema()
    text = json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    if arguments.file == "-":
        sys.stdout.write(text)
    else:
        Path(arguments.file).parent.mkdir(parents=True, exist_ok=True)
        Path(arguments.file).write_text(text, encoding="utf-8")
    return 0

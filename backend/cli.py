"""The `shangmen` command. Each feature registers its own subcommands.

The server and the solver are imported by the command that runs them. The tables of some features are imported
with their subcommands, which is most of what help spends.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy.exc import DBAPIError

from backend.errors import DomainError

Command = Callable[[argparse.Namespace], int]
REGISTRARS = (
    "backend.ops.cli",
    "backend.auth.cli",
    "backend.company.cli",
    "backend.demo.cli",
    "backend.imports.cli",
    "backend.simulate.cli",
    "backend.simulate.arrivals_cli",
    "backend.scheduling.cli",
    "backend.roads.cli",
    "backend.worker.cli",
    "backend.privacy.cli",
)


def build_parser() -> argparse.ArgumentParser:
    """The parser with every subcommand."""
    parser = argparse.ArgumentParser(prog="shangmen", description="Field service that keeps its promises.")
    subparsers: Any = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in REGISTRARS:
        import_module(name).register(subparsers)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; what the user did wrong is one line on standard error and exit status 2."""
    parsed = build_parser().parse_args(arguments)
    command: Command = parsed.run
    try:
        return command(parsed)
    except DomainError as error:
        print(f"shangmen: {error.detail or error.code}", file=sys.stderr)
        return 2
    except DBAPIError as error:
        print(f"shangmen: the database can't be used as it is: {_first_line(error)}", file=sys.stderr)
        print(
            "shangmen: does it need `shangmen migrate`, or is SHANGMEN_DATABASE_URL wrong?", file=sys.stderr
        )
        return 2
    except (SettingsError, ValidationError) as error:
        print(f"shangmen: {_wrong_setting(error)}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except ConnectionError as error:
        print(f"shangmen: the database does not answer: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"shangmen: {error.filename or ''}: {error.strerror or error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _wrong_setting(error: SettingsError | ValidationError) -> str:
    """Which setting can't be, and why; without what it is, which may be a secret."""
    if isinstance(error, SettingsError):
        return str(error)
    wrong = error.errors(include_input=False, include_url=False)[0]
    name, *within = (str(part) for part in wrong["loc"])
    return f"SHANGMEN_{name.upper()}{''.join(f' {part}' for part in within)}: {wrong['msg']}"


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).splitlines()[0][:200]


if __name__ == "__main__":
    sys.exit(main())

"""The `shangmen` command. Each feature registers its own subcommands.

A command's module is imported when the command is asked for, and nothing else: help costs next to nothing,
and no process starts with what it does not run.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from backend.errors import DomainError

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_settings import SettingsError
    from sqlalchemy.exc import DBAPIError

Command = Callable[[argparse.Namespace], int]
# Where each command is registered, and what help says of it.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "serve": ("backend.ops.cli", "run the web server"),
    "migrate": ("backend.ops.cli", "bring the database to this version's schema"),
    "openapi": ("backend.ops.cli", "write the OpenAPI document"),
    "token": ("backend.auth.cli", "make, list and revoke API tokens for integrations"),
    "account": ("backend.auth.cli", "give somebody another password"),
    "company": ("backend.company.cli", "set a company up from a file"),
    "demo": ("backend.demo.cli", "load the Beijing demo day into an empty database"),
    "import": ("backend.imports.cli", "bring orders in from a shop's export"),
    "simulate": ("backend.simulate.cli", "play the demo day through the public API"),
    "arrivals": ("backend.simulate.arrivals_cli", "how well arrival ranges hold"),
    "plan": ("backend.scheduling.cli", "plan a region's day"),
    "roads": ("backend.roads.cli", "real roads from an OpenStreetMap extract"),
    "worker": ("backend.worker.cli", "take plan runs out of the queue (PostgreSQL)"),
    "warm-up": ("backend.worker.cli", "compile the solver, so that the first plan starts at once"),
    "person": ("backend.privacy.cli", "hand out, or erase, what is held of a person"),
}


def build_parser(command: str | None = None) -> argparse.ArgumentParser:
    """The parser of a command, or of all of them, with everything they run imported."""
    parser, subparsers = _empty()
    modules = [COMMANDS[command][0]] if command else dict.fromkeys(module for module, _ in COMMANDS.values())
    for name in modules:
        import_module(name).register(subparsers)
    return parser


def _outline() -> argparse.ArgumentParser:
    """A parser that knows the commands' names and what each is for, nothing more."""
    parser, subparsers = _empty()
    for name, (_, about) in COMMANDS.items():
        subparsers.add_parser(name, help=about)
    return parser


def _empty() -> tuple[argparse.ArgumentParser, Any]:
    parser = argparse.ArgumentParser(prog="shangmen", description="Field service that keeps its promises.")
    return parser, parser.add_subparsers(dest="command", required=True, metavar="COMMAND")


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    is_known = bool(arguments) and arguments[0] in COMMANDS
    command = arguments[0] if is_known else _outline().parse_args(arguments).command
    return build_parser(command).parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; what the user did wrong is one line on standard error and exit status 2."""
    parsed = _parse(sys.argv[1:] if arguments is None else arguments)
    command: Command = parsed.run
    try:
        return command(parsed)
    except DomainError as error:
        print(f"shangmen: {error.detail or error.code}", file=sys.stderr)
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
    except Exception as error:
        if not (lines := _told(error)):
            raise
        print(*lines, sep="\n", file=sys.stderr)
        return 2


def _told(error: Exception) -> list[str]:
    """What the user is told of an error that the libraries raise; nothing where it is a mistake of ours."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError
    from sqlalchemy.exc import DBAPIError

    if isinstance(error, DBAPIError):
        return [
            f"shangmen: the database can't be used as it is: {_first_line(error)}",
            "shangmen: does it need `shangmen migrate`, or is SHANGMEN_DATABASE_URL wrong?",
        ]
    return (
        [f"shangmen: {_wrong_setting(error)}"] if isinstance(error, SettingsError | ValidationError) else []
    )


def _wrong_setting(error: "SettingsError | ValidationError") -> str:
    """Which setting can't be, and why; without what it is, which may be a secret."""
    from pydantic import ValidationError

    if not isinstance(error, ValidationError):
        return str(error)
    wrong = error.errors(include_input=False, include_url=False)[0]
    name, *within = (str(part) for part in wrong["loc"])
    return f"SHANGMEN_{name.upper()}{''.join(f' {part}' for part in within)}: {wrong['msg']}"


def _first_line(error: "DBAPIError") -> str:
    return str(error.orig).splitlines()[0][:200]


if __name__ == "__main__":
    sys.exit(main())

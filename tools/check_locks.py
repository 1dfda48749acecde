"""The lock files: made from pyproject.toml, hashed, and free of any registry's address.

`python -m tools.check_locks` says what is out of date; with `--write` it resolves again, keeping the locked
versions that still fit (`--upgrade` lets them go).
"""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEV_LOCK = ROOT / "requirements-dev.lock"
# The others are resolved within the development lock, so that all always name the same versions.
WITHIN_DEV = ["-c", DEV_LOCK.name]
LOCKS = {
    DEV_LOCK: ["--group", "dev"],
    ROOT / "requirements.lock": ["--group", "build", *WITHIN_DEV],
    ROOT / "requirements-bench.lock": ["--group", "bench", *WITHIN_DEV],
}
# In a lock any address, elsewhere the settings that would put one in force.
ADDRESS_IN = {
    "requirements*.lock": re.compile(r"://"),
    "package-lock.json": re.compile(r'"resolved":'),
    ".npmrc": re.compile(r"registry\s*="),
    "*": re.compile(r"--(?:extra-)?index-url[ =]\w*:|--registry[ =]\w*:|UV_(?:DEFAULT_)?INDEX(?:_URL)?=\w*:"),
}


def dependencies_digest() -> str:
    """A digest of what pyproject.toml asks for; comments and tool settings do not count."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {
        "python": project["project"]["requires-python"],
        "runtime": project["project"]["dependencies"],
        "groups": project["dependency-groups"],
    }
    return hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()


def header() -> str:
    made_by = "# Resolved for every platform by `make lock`. Do not edit."
    return f"{made_by}\n# asked for: {dependencies_digest()}\n"


def write(upgrade: bool) -> None:
    for lock, options in LOCKS.items():
        command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--universal"]
        command += ["--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header"]
        command += ["--no-annotate", "--output-file", lock.name, *options]
        subprocess.run([*command, *(["--upgrade"] if upgrade else [])], cwd=ROOT, check=True)
        lock.write_text(header() + lock.read_text(encoding="utf-8"), encoding="utf-8")


def stale_locks() -> list[str]:
    return [
        f"{lock.name} does not match pyproject.toml: run `make lock` and commit it"
        for lock in LOCKS
        if not lock.exists() or not lock.read_text(encoding="utf-8").startswith(header())
    ]


def committed_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def registry_addresses() -> list[str]:
    """Whoever installs decides where from: an address in a file would override a mirror."""
    found = []
    for path in committed_files():
        if path == Path(__file__) or not path.is_file():
            continue
        patterns = [pattern for name, pattern in ADDRESS_IN.items() if path.match(name)]
        text = path.read_bytes().decode("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            if any(pattern.search(line) for pattern in patterns):
                found.append(f"{path.relative_to(ROOT)}:{number} names a package registry")
    return found


def main(arguments: list[str]) -> int:
    if "--write" in arguments:
        write(upgrade="--upgrade" in arguments)
    problems = stale_locks() + registry_addresses()
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

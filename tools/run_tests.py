"""Every test, part by part, with a table of counts and times at the end: what `make test` runs.

Parts share both cores, in two processes; the last one watches the clock and starts servers, and runs alone.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "var" / "reports"
MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
ENOUGH_BYTES = 4 * 2**30


@dataclass(frozen=True)
class Part:
    name: str
    command: list[str]

    @property
    def report(self) -> Path:
        return REPORTS / f"{self.name}.xml"


@dataclass(frozen=True)
class Outcome:
    """What a part's report says; a part that left none has failed as a whole."""

    part: str
    passed: int
    failed: int
    skipped: int
    seconds: float

    def row(self) -> str:
        counts = f"{self.passed:6} passed {self.failed:4} failed {self.skipped:4} skipped"
        return f"{self.part:10} {counts} {self.seconds:7.1f} s"


def pytest_part(name: str, *options: str) -> Part:
    command = [sys.executable, "-m", "pytest", f"tests/{name}", "-q", "--durations=5"]
    return Part(name, [*command, f"--junitxml={REPORTS / name}.xml", *options])


def parts() -> list[Part]:
    both_cores = ("-n", "2", "--dist", "worksteal")
    vitest = ["npm", "--prefix", "pwa", "test", "--", "--reporter=default", "--reporter=junit"]
    return [
        Part("pwa", [*vitest, f"--outputFile.junit={REPORTS / 'pwa.xml'}"]),
        pytest_part("routing", *both_cores),
        pytest_part("backend", *both_cores),
        pytest_part("e2e", *both_cores),
        pytest_part("ops"),
    ]


def forgotten_folders() -> list[str]:
    """Test folders that no part runs: a test that nobody runs proves nothing."""
    covered = {part.name for part in parts()}
    found = {path.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").rglob("test_*.py")}
    return sorted(found - covered)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Where tests keep their databases, a thousand of them: in memory where there is plenty."""
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES
    with tempfile.TemporaryDirectory(prefix="shangmen-tests-", dir=MEMORY if in_memory else None) as name:
        folder = Path(name)
        folder.chmod(0o755)  # a database server may run as another user
        yield folder


def run(part: Part, scratch: Path) -> Outcome:
    print(f"\n== {part.name}", flush=True)
    part.report.unlink(missing_ok=True)
    began = time.monotonic()
    # One hash seed: processes that share a part's tests must agree on their order.
    env = {**os.environ, "FORCE_COLOR": "0", "PYTHONHASHSEED": "0", "TMPDIR": str(scratch)}
    done = subprocess.run(part.command, cwd=ROOT, env=env, check=False)
    seconds = time.monotonic() - began
    outcome = read_report(part, seconds)
    if done.returncode and not outcome.failed:
        return Outcome(part.name, outcome.passed, 1, outcome.skipped, seconds)
    return outcome


def read_report(part: Part, seconds: float) -> Outcome:
    if not part.report.exists():
        return Outcome(part.name, 0, 1, 0, seconds)
    suites = list(ElementTree.parse(part.report).iter("testsuite"))  # noqa: S314 - our own runner wrote it

    def total(attribute: str) -> int:
        return sum(int(suite.get(attribute, "0")) for suite in suites)

    failed, skipped = total("failures") + total("errors"), total("skipped")
    return Outcome(part.name, total("tests") - failed - skipped, failed, skipped, seconds)


def main(names: list[str]) -> int:
    if forgotten := forgotten_folders():
        print(f"no part of `make test` runs tests/{', tests/'.join(forgotten)}", file=sys.stderr)
        return 1
    REPORTS.mkdir(parents=True, exist_ok=True)
    with scratch_folder() as scratch:
        outcomes = [run(part, scratch) for part in parts() if not names or part.name in names]
    print("\n" + "\n".join(outcome.row() for outcome in outcomes))
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    skipped = sum(outcome.skipped for outcome in outcomes)
    print(f"all: {sum(outcome.seconds for outcome in outcomes):.0f} s\n")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Every test, with a table of counts and times by part at the end: what `make test` runs.

Python's tests are two runs of a few processes each. Those that drive a browser keep to themselves:
Playwright's event loop stays in the process, where tests of the back end need a loop of their own.
All runs go side by side: while a page, a server or a database is waited for, others have the processor.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from tests.forked import WHERE, Forge, address_in

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "var" / "reports"
MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
ENOUGH_BYTES = 4 * 2**30
LAST_WORDS_S = 10
REASON_CHARS = 600

# The long ones first: what is left at the end is short, and shared by all processes.
PYTHON_RUNS = {"server": ("backend", "routing"), "browser": ("ops", "e2e")}
# Enough to keep two cores busy while some wait.
PROCESSES = {"server": 2, "browser": 2}
FORGING = {"backend", "ops", "e2e"}


@dataclass(frozen=True)
class Run:
    """A command and the parts it tests; it writes what came of them into one report."""

    name: str
    command: list[str]
    parts: tuple[str, ...]

    @property
    def report(self) -> Path:
        return REPORTS / f"{self.name}.xml"


@dataclass(frozen=True)
class Outcome:
    """What came of a part; a run that left no report has failed as a whole."""

    part: str
    passed: int
    failed: int
    skipped: int
    seconds: float
    reasons: tuple[str, ...] = ()  # a line or two for each that failed

    def row(self) -> str:
        counts = f"{self.passed:6} passed {self.failed:4} failed {self.skipped:4} skipped"
        return f"{self.part:10} {counts} {self.seconds:7.1f} s"


def runs(names: Sequence[str] = ()) -> list[Run]:
    """What tests these parts, or all."""
    vitest = ["npm", "--prefix", "pwa", "test", "--", "--reporter=default", "--reporter=junit"]
    found = [Run("pwa", [*vitest, f"--outputFile.junit={REPORTS / 'pwa.xml'}"], ("pwa",))]
    for name, parts in PYTHON_RUNS.items():
        if folders := tuple(part for part in parts if not names or part in names):
            paths = [f"tests/{folder}" for folder in folders]
            options = ["-q", "--durations=10", "-n", str(PROCESSES[name]), "--dist", "worksteal"]
            command = [sys.executable, "-m", "pytest", *paths, *options, f"--junitxml={REPORTS / name}.xml"]
            found.append(Run(name, command, folders))
    return [each for each in found if not names or set(names) & set(each.parts)]


def forgotten_folders() -> list[str]:
    """Test folders that no part runs: a test that nobody runs proves nothing."""
    covered = {part for run in runs() for part in run.parts}
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


@contextmanager
def common_forge(scratch: Path, chosen: Sequence[Run]) -> Iterator[None]:
    """One process that all runs fork their servers from: each would take some seconds to make its own."""
    if not any(set(run.parts) & FORGING for run in chosen):
        yield
        return
    forge = Forge(scratch, environment(scratch))
    try:
        yield
    finally:
        forge.close()


def environment(scratch: Path) -> dict[str, str]:
    """What a run's processes are told."""
    # One hash seed: processes that share the tests must agree on their order.
    ours = {"NO_COLOR": "1", "PYTHONHASHSEED": "0", "TMPDIR": str(scratch), WHERE: address_in(scratch)}
    env = {**os.environ, **ours}
    # Some machines forbid it for all; here dozens of processes would each compile the same modules again.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def outcomes_of(run: Run, scratch: Path) -> list[Outcome]:
    """Run it; one outcome per part."""
    run.report.unlink(missing_ok=True)
    began = time.monotonic()
    code = _run_aloud(run, environment(scratch))
    seconds = time.monotonic() - began
    outcomes = read_report(run, seconds)
    if code and not any(outcome.failed for outcome in outcomes):
        return [*outcomes, Outcome(f"{run.name} run", 0, 1, 0, seconds)]
    return outcomes


def _run_aloud(run: Run, env: dict[str, str]) -> int:
    """Run it, each line of its words with its name before it; the exit status."""
    running = subprocess.Popen(
        run.command,
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    speaker = threading.Thread(target=_repeat, args=(run.name, running.stdout), daemon=True)
    speaker.start()
    code = running.wait()
    speaker.join(LAST_WORDS_S)  # not for ever: a process left behind may hold the other end
    return code


def _repeat(name: str, words: IO[str]) -> None:
    with words:
        for line in words:
            print(f"{name:8}| {line}", end="", flush=True)


def read_report(run: Run, seconds: float) -> list[Outcome]:
    """Counts by part; a part that shares its run is given the time its own tests took."""
    if not run.report.exists():
        return [Outcome(run.name, 0, 1, 0, seconds)]
    cases = list(ElementTree.parse(run.report).iter("testcase"))  # noqa: S314 - our own runner wrote it
    by_part: dict[str, list[ElementTree.Element]] = {part: [] for part in run.parts}
    for case in cases:
        by_part.setdefault(part_of(run, case), []).append(case)
    return [_outcome(part, found, None if len(run.parts) > 1 else seconds) for part, found in by_part.items()]


def part_of(run: Run, case: ElementTree.Element) -> str:
    """The part a test belongs to: its folder below tests/; what was not even collected is the run's own."""
    if len(run.parts) == 1:
        return run.parts[0]
    folder = re.match(r"tests[./](\w+)", case.get("classname") or case.get("name") or "")
    return folder[1] if folder and folder[1] in run.parts else f"{run.name} run"


def _outcome(part: str, cases: list[ElementTree.Element], seconds: float | None) -> Outcome:
    # A test may fail and then break while it is put away: one test all the same.
    reasons = tuple(reason for case in cases if (reason := _why_failed(case)))
    failed = len(reasons)
    skipped = sum(case.find("skipped") is not None for case in cases)
    spent = sum(float(case.get("time", "0")) for case in cases) if seconds is None else seconds
    return Outcome(part, len(cases) - failed - skipped, failed, skipped, spent, reasons)


def _why_failed(case: ElementTree.Element) -> str | None:
    """Which test, and how its reason begins; often the end of a log is all that is kept of it."""
    for kind in ("failure", "error"):
        if (why := case.find(kind)) is not None:
            said = (why.get("message") or "").strip()[:REASON_CHARS]
            return f"{case.get('classname')}::{case.get('name')}\n    " + said.replace("\n", "\n    ")
    return None


def main(names: list[str]) -> int:
    if forgotten := forgotten_folders():
        print(f"no part of `make test` runs tests/{', tests/'.join(forgotten)}", file=sys.stderr)
        return 1
    REPORTS.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    chosen = runs(names)
    with (
        scratch_folder() as scratch,
        common_forge(scratch, chosen),
        ThreadPoolExecutor(len(chosen)) as side_by_side,
    ):
        found = list(side_by_side.map(lambda run: outcomes_of(run, scratch), chosen))
    outcomes = [outcome for each in found for outcome in each]
    print("\n" + "\n".join(outcome.row() for outcome in outcomes))
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    skipped = sum(outcome.skipped for outcome in outcomes)
    print(f"all: {time.monotonic() - began:.0f} s\n")
    for reason in (reason for outcome in outcomes for reason in outcome.reasons):
        print(f"FAILED {reason}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

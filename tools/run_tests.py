"""Every test, with a table of counts and times by part at the end: what `make test` runs.

Python's tests are two runs of two processes each. Those that drive a browser keep to themselves:
Playwright's event loop stays in the process, where tests of the back end need a loop of their own.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "var" / "reports"
MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
ENOUGH_BYTES = 4 * 2**30


# The long ones first: what is left at the end is short, and shared by both processes.
PYTHON_RUNS = {"server": ("backend", "routing"), "browser": ("ops", "e2e")}


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
            options = ["-q", "--durations=10", "-n", "2", "--dist", "worksteal"]
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


def environment(scratch: Path) -> dict[str, str]:
    """What a run's processes are told."""
    # One hash seed: processes that share the tests must agree on their order.
    env = {**os.environ, "NO_COLOR": "1", "PYTHONHASHSEED": "0", "TMPDIR": str(scratch)}
    # Some machines forbid it for all; here dozens of processes would each compile the same modules again.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def outcomes_of(run: Run, scratch: Path) -> list[Outcome]:
    """Run it; one outcome per part."""
    print(f"\n== {', '.join(run.parts)}", flush=True)
    run.report.unlink(missing_ok=True)
    began = time.monotonic()
    done = subprocess.run(run.command, cwd=ROOT, env=environment(scratch), check=False)
    seconds = time.monotonic() - began
    outcomes = read_report(run, seconds)
    if done.returncode and not any(outcome.failed for outcome in outcomes):
        return [*outcomes, Outcome(f"{run.name} run", 0, 1, 0, seconds)]
    return outcomes


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
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    spent = sum(float(case.get("time", "0")) for case in cases) if seconds is None else seconds
    return Outcome(part, len(cases) - failed - skipped, failed, skipped, spent)


def main(names: list[str]) -> int:
    if forgotten := forgotten_folders():
        print(f"no part of `make test` runs tests/{', tests/'.join(forgotten)}", file=sys.stderr)
        return 1
    REPORTS.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with scratch_folder() as scratch:
        outcomes = [outcome for run in runs(names) for outcome in outcomes_of(run, scratch)]
    print("\n" + "\n".join(outcome.row() for outcome in outcomes))
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    skipped = sum(outcome.skipped for outcome in outcomes)
    print(f"all: {time.monotonic() - began:.0f} s\n")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

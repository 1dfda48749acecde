"""Set-up does what changed, all of it, and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import bootstrap, check_locks, run_tests
from tools.stamps import Stamp, digest_of, files_below
from tools.steps import Step, run_side_by_side
from tools.toolchain import SetupError, node_version


def write_step(folder: Path, digest: str, command: list[str]) -> Step:
    return Step(
        title="Pages",
        commands=[command],
        folder=folder,
        stamp=Stamp(folder / "stamps" / "pages"),
        digest=digest,
        result=folder / "made",
        log=folder / "log" / "setup.log",
        env=lambda: {"GREETING": "hello"},
    )


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


MIRROR = "https://mirror.example/"
APPEND = python("import os; open('made', 'a').write(os.environ['GREETING'] + '.')")


def test_a_step_runs_once_for_the_same_sources_and_again_for_others(tmp_path: Path) -> None:
    for digest in ("one", "one", "two"):
        write_step(tmp_path, digest, APPEND).run()
    assert (tmp_path / "made").read_text() == "hello.hello."


def test_a_step_runs_again_when_its_result_was_deleted(tmp_path: Path) -> None:
    write_step(tmp_path, "one", APPEND).run()
    (tmp_path / "made").unlink()
    write_step(tmp_path, "one", APPEND).run()
    assert (tmp_path / "made").exists()


def test_a_failed_step_shows_the_end_of_what_was_said_and_runs_again(tmp_path: Path) -> None:
    failing = python("import sys; print('cannot reach the registry'); sys.exit(3)")
    with pytest.raises(SetupError, match=r"Pages could not be set up(?s:.)*cannot reach the registry"):
        write_step(tmp_path, "one", failing).run()
    write_step(tmp_path, "one", APPEND).run()
    assert (tmp_path / "made").read_text() == "hello."


def test_a_failure_in_one_lane_is_told_after_the_other_lane_has_ended(tmp_path: Path) -> None:
    def fail() -> None:
        raise SetupError("no npm")

    with pytest.raises(SetupError, match="no npm"):
        run_side_by_side(fail, (tmp_path / "other").touch)
    assert (tmp_path / "other").exists()


def test_a_digest_tells_contents_names_and_places_apart(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    first = digest_of([tmp_path / "a"], tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    renamed = digest_of([tmp_path / "b"], tmp_path)
    (tmp_path / "b").write_text("2")
    edited = digest_of([tmp_path / "b"], tmp_path)
    assert len({first, renamed, edited}) == 3


def test_sources_leave_out_what_is_built_or_hidden(tmp_path: Path) -> None:
    for name in ("src/deep/page.ts", "dist/page.js", "node_modules/a/index.js", ".cache/x"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.touch()
    found = files_below(tmp_path, frozenset({"dist", "node_modules"}))
    assert found == [tmp_path / "src" / "deep" / "page.ts"]


@pytest.mark.parametrize(
    ("answer", "version"),
    [("v20.20.2\n", (20, 20)), ("v22.0.0", (22, 0)), ("", None), ("node: not found", None)],
)
def test_node_versions_are_read(answer: str, version: tuple[int, int] | None) -> None:
    assert node_version(answer) == version


def test_the_installer_is_pinned_with_its_hashes() -> None:
    lines = bootstrap.locked_lines("uv").splitlines()
    assert lines[0].startswith("uv==")
    assert len(lines) > 1
    assert all("--hash=sha256:" in line for line in lines[1:])


def test_a_package_that_is_not_locked_is_an_error() -> None:
    with pytest.raises(SetupError, match="does not name left-pad"):
        bootstrap.locked_lines("left-pad")


def test_both_locks_name_the_same_versions() -> None:
    pins = {
        lock: dict.fromkeys(line.split(" ")[0] for line in lock.read_text().splitlines() if "==" in line)
        for lock in check_locks.LOCKS
    }
    runtime, development = (pins[bootstrap.RUNTIME_LOCK], pins[bootstrap.DEV_LOCK])
    assert set(runtime) < set(development)


def test_a_dependency_asked_for_after_locking_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_locks.stale_locks() == []
    monkeypatch.setattr(check_locks, "dependencies_digest", lambda: "another")
    assert len(check_locks.stale_locks()) == len(check_locks.LOCKS)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements-dev.lock", f"--index-url {MIRROR}\n"),
        ("pwa/package-lock.json", '{"resolved"' + f': "{MIRROR}a.tgz"' + "}"),
        (".npmrc", f"registry={MIRROR}"),
        ("Dockerfile", f"RUN npm ci --registry={MIRROR}"),
    ],
)
def test_a_registry_address_is_found_in_any_committed_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    monkeypatch.setattr(check_locks, "ROOT", tmp_path)
    assert check_locks.registry_addresses() == [f"{name}:1 names a package registry"]


def test_every_folder_of_tests_belongs_to_a_part() -> None:
    assert run_tests.forgotten_folders() == []


def test_a_run_that_dies_without_a_report_counts_as_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_tests, "REPORTS", tmp_path)
    dying = run_tests.Run("dying", python("import os; os._exit(139)"), ("backend", "e2e"))
    [outcome] = run_tests.outcomes_of(dying, tmp_path)
    assert (outcome.passed, outcome.failed) == (0, 1)


def test_a_run_that_fails_after_its_tests_passed_counts_as_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_tests, "REPORTS", tmp_path)
    passed = report(tmp_path, case("backend.test_a"), case("backend.test_b", "skipped"), status=2)
    counts = [(each.part, each.passed, each.failed, each.skipped) for each in passed]
    assert counts == [("backend", 1, 0, 1), ("e2e", 0, 0, 0), ("late run", 0, 1, 0)]


def test_parts_of_one_run_are_counted_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_tests, "REPORTS", tmp_path)
    told = report(
        tmp_path, case("backend.test_a"), case("backend.test_a"), case("e2e.test_b", "failure", "error"),
        '<testcase classname="" name="tests.e2e.test_c" time="0"><error/></testcase>',
        '<testcase classname="" name="elsewhere" time="0"><error/></testcase>', status=1,
    )  # fmt: skip
    counts = [(each.part, each.passed, each.failed, each.seconds) for each in told]
    assert counts == [("backend", 2, 0, 3.0), ("e2e", 0, 2, 1.5), ("late run", 0, 1, 0.0)]


def test_the_end_of_the_log_names_each_test_that_failed_and_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_tests, "REPORTS", tmp_path)
    broken = '<testcase classname="tests.e2e.test_a" name="b" time="1"><failure message="1 == 2"/></testcase>'
    told = report(tmp_path, case("backend.test_a"), broken, status=1)
    assert [each.reasons for each in told] == [(), ("tests.e2e.test_a::b\n    1 == 2",)]


def case(where: str, *ends: str) -> str:
    inside = "".join(f"<{end}/>" for end in ends)
    return f'<testcase classname="tests.{where}" name="test" time="1.5">{inside}</testcase>'


def report(folder: Path, *cases: str, status: int) -> list[run_tests.Outcome]:
    """What is told of a run with this report and exit status."""
    text = f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>"
    write = f"import sys; open(sys.argv[1], 'w').write({text!r}); sys.exit({status})"
    command = [*python(write), str(folder / "late.xml")]
    return run_tests.outcomes_of(run_tests.Run("late", command, ("backend", "e2e")), folder)

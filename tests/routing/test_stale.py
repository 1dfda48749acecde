"""Compiled code never outlives the sources it was made from."""

from pathlib import Path
from typing import Any

import numba
import pytest

from routing.stale import compiled_folder, discard_stale


@pytest.fixture(params=["beside the sources", "where NUMBA_CACHE_DIR says"])
def modules(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two modules that call each other, with compiled code, and a third with its own."""
    is_beside = request.param == "beside the sources"
    monkeypatch.setattr(numba.config, "CACHE_DIR", "" if is_beside else str(tmp_path / "compiled"))
    for name in ("caller", "called", "other"):
        (tmp_path / f"{name}.py").write_text(f"name = {name!r}\n", encoding="utf-8")
    cache = cache_of(tmp_path)
    assert is_beside == (cache == tmp_path / "__pycache__")
    for name in ("caller", "called", "other"):
        for suffix in ("nbi", "nbc"):
            (cache / f"{name}.function-1.py311.{suffix}").touch()
    return [str(tmp_path / "caller.py"), str(tmp_path / "called.py")]


def cache_of(folder: Path) -> Path:
    """Where numba itself keeps what it compiles from a module of a folder."""
    source = folder / "caller.py"
    names: dict[str, Any] = {}
    exec(compile("def function():\n    return 1\n", str(source), "exec"), names)
    cache = Path(str(numba.njit(cache=True)(names["function"]).stats.cache_path))
    assert cache == compiled_folder(source)
    return cache


def kept(modules: list[str]) -> set[str]:
    cache = cache_of(Path(modules[0]).parent)
    return {path.name.partition(".")[0] for path in cache.glob("*.nb?")}


def test_a_change_in_one_module_discards_the_code_of_its_callers(modules: list[str]) -> None:
    discard_stale(modules)
    folder = Path(modules[0]).parent
    (cache_of(folder) / "caller.function-1.py311.nbi").touch()

    assert not discard_stale(modules)
    assert kept(modules) == {"caller", "other"}

    (folder / "called.py").write_text("name = 'changed'\n", encoding="utf-8")
    assert discard_stale(modules)
    assert kept(modules) == {"other"}


def test_code_of_unknown_origin_is_discarded(modules: list[str]) -> None:
    assert discard_stale(modules)
    assert kept(modules) == {"other"}


def test_sources_of_another_folder_count_but_only_the_first_folder_is_cleaned(
    modules: list[str], tmp_path: Path
) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (away / "kernel.py").write_text("name = 'kernel'\n", encoding="utf-8")
    elsewhere = compiled_folder(away / "kernel.py")
    assert elsewhere is not None
    (elsewhere / "kernel.function-1.py311.nbi").touch()
    everything = [modules[0], str(away / "kernel.py")]
    discard_stale(everything)
    (cache_of(tmp_path) / "caller.function-1.py311.nbi").touch()
    (away / "kernel.py").write_text("name = 'changed'\n", encoding="utf-8")

    assert discard_stale(everything)
    assert "caller" not in kept(modules)
    assert (elsewhere / "kernel.function-1.py311.nbi").exists()


def test_where_nothing_can_be_kept_nothing_is_done(
    modules: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("routing.stale.compiled_folder", lambda source: None)

    assert not discard_stale(modules)
    assert kept(modules) == {"caller", "called", "other"}

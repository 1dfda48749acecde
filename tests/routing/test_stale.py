"""Compiled code never outlives the sources it was made from."""

from pathlib import Path

import pytest

from routing.stale import discard_stale


@pytest.fixture
def modules(tmp_path: Path) -> list[str]:
    """Two modules that call each other, with compiled code, and a third with its own."""
    cache = tmp_path / "__pycache__"
    cache.mkdir()
    for name in ("caller", "called", "other"):
        (tmp_path / f"{name}.py").write_text(f"name = {name!r}\n", encoding="utf-8")
        for suffix in ("nbi", "nbc"):
            (cache / f"{name}.function-1.py311.{suffix}").touch()
    return [str(tmp_path / "caller.py"), str(tmp_path / "called.py")]


def kept(modules: list[str]) -> set[str]:
    cache = Path(modules[0]).parent / "__pycache__"
    return {path.name.partition(".")[0] for path in cache.glob("*.nb?")}


def test_a_change_in_one_module_discards_the_code_of_its_callers(modules: list[str]) -> None:
    discard_stale(modules)
    folder = Path(modules[0]).parent
    (folder / "__pycache__" / "caller.function-1.py311.nbi").touch()

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
    (away / "__pycache__").mkdir(parents=True)
    (away / "kernel.py").write_text("name = 'kernel'\n", encoding="utf-8")
    (away / "__pycache__" / "kernel.function-1.py311.nbi").touch()
    everything = [modules[0], str(away / "kernel.py")]
    discard_stale(everything)
    Path(tmp_path / "__pycache__" / "caller.function-1.py311.nbi").touch()
    (away / "kernel.py").write_text("name = 'changed'\n", encoding="utf-8")

    assert discard_stale(everything)
    assert "caller" not in kept(modules)
    assert (away / "__pycache__" / "kernel.function-1.py311.nbi").exists()

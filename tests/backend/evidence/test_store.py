"""The local store: whole files or none, the same bytes under the same name."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from backend.evidence.store import LocalBlobStore

DATA = b"picture" * 1000
SHA = hashlib.sha256(DATA).hexdigest()


def test_what_was_put_can_be_got(tmp_path: Path) -> None:
    store = LocalBlobStore(tmp_path)
    assert store.get(SHA) is None
    store.put(SHA, DATA)
    assert store.has(SHA)
    assert store.get(SHA) == DATA


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    store = LocalBlobStore(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store.put(SHA, DATA), range(16)))
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [SHA]


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("backend.evidence.store.os.fsync", full)
    with pytest.raises(OSError, match="space"):
        LocalBlobStore(tmp_path).put(SHA, DATA)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, SHA + "\n", SHA[:63]])
def test_only_a_hash_is_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        LocalBlobStore(tmp_path).get(name)

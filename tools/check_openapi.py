"""docs/openapi.json is what the application serves: the generated clients are made from that file.

`python -m tools.check_openapi` fails when they differ; with `--write` it brings the file up to date.
"""

import json
import sys
import tempfile
from pathlib import Path

from backend.app import create_app
from backend.settings import Settings

COMMITTED = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"


def served() -> str:
    """The document as the application would serve it, in a form whose differences read line by line."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), database_url=""))
        document = app.openapi_schema.to_schema()
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def main(arguments: list[str]) -> int:
    fresh = served()
    if "--write" in arguments:
        COMMITTED.parent.mkdir(exist_ok=True)
        COMMITTED.write_text(fresh, encoding="utf-8")
        return 0
    committed = COMMITTED.read_text(encoding="utf-8") if COMMITTED.exists() else ""
    if committed != fresh:
        print("docs/openapi.json differs from the application: run `make api` and commit it", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

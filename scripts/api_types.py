"""Make the web client's types of the API from what the server describes: `python scripts/api_types.py [--check]`.

A server of its own is started for it, on a free port and an empty folder, and asked for `/api/openapi.json`.
"""

import sys
import tempfile
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hatch_build import WebBuild, run_npm  # noqa: E402
from tests.support.server import running_server  # noqa: E402


def main(arguments: list[str]) -> int:
    """The exit code of the npm script `api`."""
    web = WebBuild(ROOT)
    if not web.is_wanted():
        print("api types: no web client here, or NV_SKIP_WEB is set; left out")
        return 0
    web.install()
    with tempfile.TemporaryDirectory(prefix="notevault-api-") as folder:
        document = Path(folder) / "openapi.json"
        with (
            running_server(Path(folder) / "data") as server,
            urlopen(f"{server.url}/api/openapi.json", timeout=30) as answer,  # noqa: S310 - our own
        ):
            document.write_bytes(answer.read())
        return run_npm(web.folder, "run", "api", "--", str(document), *arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

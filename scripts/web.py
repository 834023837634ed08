"""Install or build the web client, or run one of its npm scripts: `python scripts/web.py install | build | check | …`.

A tree without `web/package.json`, or one whose package.json lacks the script, is told and is no failure.
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hatch_build import WebBuild, run_npm  # noqa: E402


def has_script(name: str) -> bool:
    """Whether `web/package.json` offers the npm script `name`."""
    package = ROOT / "web" / "package.json"
    return package.exists() and name in json.loads(package.read_text()).get("scripts", {})


def main(name: str) -> int:
    """Build, or install and run the script `name`; the exit code."""
    web = WebBuild(ROOT)
    if not web.is_wanted() or (name != "install" and not has_script(name)):
        print(f"web: no '{name}' here, or NV_SKIP_WEB is set; left out")
        return 0
    if name == "build":
        web.build()
        return 0
    web.install()
    if name == "install":
        return 0
    return run_npm(web.folder, "run", name, environment=browser_for(name))


def browser_for(name: str) -> Mapping[str, str]:
    """Where the script `name` finds a browser, if it needs one; it is unpacked at the first call."""
    if name != "test:browser":
        return {}
    from tests.support.chromium import find_chromium

    return {"CHROMIUM_PATH": str(find_chromium())}


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(*sys.argv[1:]))

"""Photograph every page of the web client into `docs/screenshots/`.

Light, dark, as a phone of 360 px shows it, and some from right to left.

`make screenshots` runs it; with names of pages as arguments only those. A real server, a real browser, made-up people.
"""

import sys
import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.chromium import find_chromium, running_browser  # noqa: E402
from tests.support.server import running_server  # noqa: E402
from tests.web.pages import PAGES  # noqa: E402
from tests.web.people import person, wait_until  # noqa: E402
from tests.web.showcase import make_showcase  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
MAX_BYTES = 100 * 1024
COLORS = 256
LOOKS = (("light", "light", 1280, 800), ("dark", "dark", 1280, 800), ("phone", "light", 360, 740))
RIGHT_TO_LEFT = ("login", "workspaces", "canvas", "editor", "history", "search", "chat", "calendar", "settings")
SPEAK = "(language) => localStorage.setItem('notevault.locale', language)"


CHARTS_DRAWN = """() => [...document.querySelectorAll('.charts polyline')]
  .every((line) => line.getAttribute('points').includes(' '))"""
"""A line has two points, each of them the difference of two measurements."""


def photograph(browser: Browser, address: tuple[str, int], wanted: Sequence[str], folder: Path) -> list[Path]:
    """All pictures that were made."""
    made: list[Path] = []
    with person(browser, address, "Ada Byron") as ada, person(browser, address, "Ben Okri") as ben:
        show = make_showcase(ada, ben)
        company = ben.open(show.workspace_id, show.notes["Shopping list"])
        company.mouse.move(300, 300)
        for name, visit in PAGES.items():
            if wanted and name not in wanted:
                continue
            for look, scheme, width, height in LOOKS:
                page = ada.context.new_page()
                page.set_viewport_size({"width": width, "height": height})
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
                visit(page, show)
                settle(page)
                made.append(keep(page, folder / f"{name.replace(' ', '-')}-{look}.png"))
        turned = [name for name in RIGHT_TO_LEFT if not wanted or name in wanted]
        page = ada.context.new_page()
        page.goto("/login")
        page.evaluate(SPEAK, "ar")
        for name in turned:
            page = ada.context.new_page()
            PAGES[name](page, show)
            settle(page)
            made.append(keep(page, folder / f"{name}-rtl.png"))
    return made


def keep(page: Page, path: Path) -> Path:
    """The picture, in so few colours that many fit into a repository."""
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLORS, dither=Image.Dither.NONE).save(path, optimize=True)
    page.close()
    return path


def settle(page: Page) -> None:
    """Until fonts are there and nothing loads or waits."""
    wait_until(page, "() => document.fonts.status === 'loaded'")
    wait_until(page, "() => document.querySelector('[aria-busy=true]') === null")
    page.wait_for_load_state("networkidle")
    wait_until(page, CHARTS_DRAWN)


def main(wanted: Sequence[str]) -> int:
    """The exit code: 1 when a picture is too large to be kept."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="notevault-shots-") as folder,
        running_server(Path(folder) / "data") as server,
        running_browser(find_chromium()) as browser,
    ):
        made = photograph(browser, ("127.0.0.1", server.port), wanted, FOLDER)
    large = [path for path in made if path.stat().st_size > MAX_BYTES]
    for path in made:
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1024:.0f} KiB{'  TOO LARGE' if path in large else ''}")
    return 1 if large or not made else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

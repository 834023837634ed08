"""Run all tests of the project and count them: Python (with the browser flows), web units, web browser tests.

Every runner writes a JUnit report; the counts are added up from those, so that nothing is counted that did not run.
A runner that fails without naming a failed test counts as one failure. Arguments go to pytest; with arguments the web
tests are left out, since a chosen part was asked for. The last line is `N passed, N failed`; tests that could not be
run here are named behind it, with what they lack.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree  # the reports are our own, written a moment ago

ROOT = Path(__file__).resolve().parent.parent
PROCESSES = 3
"""That share the Python tests, a file each at a time: many wait for other processes, so more than a small machine's
cores."""
BROWSER_TESTS = ("tests/test_support.py", "tests/web")
"""In a process of their own, after the others: Playwright and trio-asyncio each want the event loop's policy."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one runner did."""

    name: str
    passed: int = 0
    failed: int = 0
    not_run: tuple[tuple[str, str], ...] = ()
    """The name of each, and why."""
    remark: str = ""


def read_report(name: str, report: Path, exit_code: int) -> Outcome:
    """The counts of a JUnit report, checked against the runner's exit code."""
    try:
        cases = ElementTree.parse(report).getroot().findall(".//testcase")
    except (OSError, ElementTree.ParseError):
        return Outcome(name, failed=1, remark=f"ended with exit code {exit_code} and left no report")
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    not_run = tuple(
        (str(case.get("name")), skipped.get("message", "skipped"))
        for case in cases
        if (skipped := case.find("skipped")) is not None
    )
    passed = len(cases) - len(failed) - len(not_run)
    if exit_code and not failed:
        return Outcome(name, passed, 1, not_run, f"ended with exit code {exit_code} though no test failed")
    return Outcome(name, passed, len(failed), not_run)


def closing_line(outcomes: Sequence[Outcome]) -> str:
    """The counts of all runners, and which tests were not run, by their reasons."""
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    names_by_reason: dict[str, list[str]] = {}
    for outcome in outcomes:
        for name, reason in outcome.not_run:
            names_by_reason.setdefault(reason, []).append(name)
    not_run = "; ".join(f"{', '.join(names)} ({reason})" for reason, names in names_by_reason.items())
    count = sum(map(len, names_by_reason.values()))
    return f"{passed} passed, {failed} failed" + (f", {count} not run: {not_run}" if count else "")


def run_python(name: str, report: Path, *arguments: str) -> Outcome:
    """The tests under `tests/` that the arguments choose; without any all of them."""
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *arguments]
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    return read_report(name, report, code)


def run_web(script: str, report: Path) -> Outcome:
    """The npm script `script` of the web client, which writes its report where `VITEST_JUNIT` says."""
    package = ROOT / "web" / "package.json"
    if not package.exists() or script not in json.loads(package.read_text()).get("scripts", {}):
        return Outcome(f"web {script}", remark=f"web/package.json has no script '{script}'")
    if os.environ.get("NV_SKIP_WEB", "0") not in ("", "0"):
        return Outcome(f"web {script}", failed=1, remark="NV_SKIP_WEB is set, so they could not run")
    command = [sys.executable, "scripts/web.py", script]
    code = subprocess.run(command, cwd=ROOT, env={**os.environ, "VITEST_JUNIT": str(report)}, check=False).returncode
    return read_report(f"web {script}", report, code)


def main(arguments: Sequence[str]) -> int:
    """Run, print the counts; 0 when at least one test ran and none failed."""
    with tempfile.TemporaryDirectory(prefix="notevault-tests-") as folder:
        if arguments:
            outcomes = [run_python("python", Path(folder) / "python.xml", *arguments)]
        else:
            apart = [option for place in BROWSER_TESTS for option in ("--ignore", place)]
            shared = ("-n", str(PROCESSES), "--dist", "loadfile")
            outcomes = [
                run_python("python", Path(folder) / "python.xml", *shared, *apart),
                run_python("browser", Path(folder) / "browser.xml", *BROWSER_TESTS),
            ]
            outcomes += [
                run_web(script, Path(folder) / f"{script.replace(':', '-')}.xml") for script in ("test", "test:browser")
            ]
    print()
    for outcome in outcomes:
        remark = f" ({outcome.remark})" if outcome.remark else ""
        print(f"{outcome.name + ':':<20} {outcome.passed:>5} passed, {outcome.failed:>3} failed{remark}")
    print(closing_line(outcomes))
    has_failed = any(outcome.failed for outcome in outcomes)
    return 1 if has_failed or not any(outcome.passed for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

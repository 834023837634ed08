"""Pin the requirements with hashes, for all platforms and Pythons the project supports.

`requirements/run.txt` is what serving needs, `build.txt` what building the package needs, `test.txt` both and all that
development and tests need, at the same versions. No file names a registry. Extra arguments go to
`uv pip compile`, e.g. `--upgrade` or `--upgrade-package trio`.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = (
    *(sys.executable, "-m", "uv", "--quiet", "pip", "compile", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate"),
)


def compile_requirements(name: str, *options: str) -> None:
    """Write `requirements/{name}.txt` from the inputs among `options`."""
    subprocess.run([*COMPILE, *options, "--output-file", f"requirements/{name}.txt"], cwd=ROOT, check=True)


def main() -> None:
    """Compile all three; the one that holds everything first, since it decides the versions."""
    run, build, everything = "pyproject.toml", "requirements/build.in", "requirements/test.txt"
    compile_requirements("test", run, build, "--extra", "dev", *sys.argv[1:])
    compile_requirements("run", run, "--constraint", everything)
    compile_requirements("build", build, "--constraint", everything)


if __name__ == "__main__":
    main()

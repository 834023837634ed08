"""Pin the requirements with hashes, for all platforms and Pythons the project supports.

`requirements/test.txt` holds everything that development and tests need, `requirements/run.txt` the part of it
that serving and building need, at the same versions. No file names a registry. Extra arguments go to
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
INPUTS = ("pyproject.toml", "requirements/build.in")


def compile_requirements(output: str, *options: str) -> None:
    """Write `output` (relative to the root) from the inputs."""
    subprocess.run([*COMPILE, *INPUTS, *options, "--output-file", output], cwd=ROOT, check=True)


def main() -> None:
    """Compile both files; the larger one first, since it decides the versions."""
    compile_requirements("requirements/test.txt", "--extra", "dev", *sys.argv[1:])
    compile_requirements("requirements/run.txt", "--constraint", "requirements/test.txt")


if __name__ == "__main__":
    main()

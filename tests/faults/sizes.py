"""How large a run is: small in every test run, full with `make faults`."""

import os

import pytest

FULL_SHARE = float(os.environ.get("NV_FAULTS_SHARE", "0"))
"""0: the small size. Else the part of the full size that is run; 1 is all of it."""

PATIENCE_SECONDS = 400 if FULL_SHARE == 0 else 3_600
"""When a run that does not end is taken for hung; no promise is measured by it."""


def size(small: int, full: int) -> int:
    """The size of this run, never less than the small one."""
    return max(small, round(full * FULL_SHARE))


def lengths(name: str, small: int, full: int) -> pytest.MarkDecorator:
    """For a test elsewhere that runs small in every test run and at full size, by itself, in `make faults`."""
    long = pytest.param(size(small, full), id="long", marks=[pytest.mark.faults, pytest.mark.timeout(7_200)])
    return pytest.mark.parametrize(name, [pytest.param(small, id="short"), long])

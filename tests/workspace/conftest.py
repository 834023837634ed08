"""What a workspace promises is asked of every store."""

from tests.contract.conftest import store as store

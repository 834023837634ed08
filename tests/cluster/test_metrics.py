"""A node among others tells all that the dashboard, the alerts and the documentation speak of."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.cluster.nodes import running_cluster
from tests.e2e.teams import found_team
from tests.edge.test_metrics import samples_of
from tests.faults.stores import RealStore

pytestmark = pytest.mark.timeout(150)

ROOT = Path(__file__).parent.parent.parent
CONFIG = ROOT / "config"
IN_A_TABLE = re.compile(r"^\|((?: ?`\w+(?:\{\w+\})?`,?)+) \|", re.MULTILINE)


def asked_for() -> set[str]:
    """By the dashboard and the alerts."""
    dashboard = json.loads((CONFIG / "grafana" / "notevault.json").read_text())
    rules = yaml.safe_load((CONFIG / "prometheus" / "alerts.yml").read_text())["groups"][0]["rules"]
    assert all({"summary", "action"} == set(rule["annotations"]) for rule in rules)
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    asked += [rule["expr"] for rule in rules]
    return {word for text in asked for word in re.findall(r"\b(?:notevault|process)_\w+", text)}


def documented() -> set[str]:
    """In the table of `docs/operations.md`."""
    watching = (ROOT / "docs" / "operations.md").read_text().partition("## Watching")[2].partition("\n## ")[0]
    return {f"notevault_{name}" for row in IN_A_TABLE.findall(watching) for name in re.findall(r"`(\w+)", row)}


async def test_dashboard_alerts_and_documentation_speak_of_what_there_is(
    pg_store: RealStore, redis_url: str, tmp_path: Path
) -> None:
    async with running_cluster(pg_store, redis_url, tmp_path, count=1) as cluster:
        await found_team(cluster)  # type: ignore[arg-type]
        names = {name.partition("[")[0] for name in await samples_of(cluster.nodes[0])}
    assert len(asked := asked_for()) > 20
    assert asked - names == set()
    own = {name for name in names if name.startswith("notevault_") and not name.endswith("_created")}
    families = {re.sub(r"_(bucket|count|sum)$", "", name) for name in own}
    told_by_browsers = {"notevault_web_vital_seconds", "notevault_web_layout_shift"}
    assert documented() - families - told_by_browsers == set(), "there is no such metric"
    assert families - documented() - told_by_browsers == set(), "not documented"

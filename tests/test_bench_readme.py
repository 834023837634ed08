"""The README's figures come from the results, and nowhere else."""

import json
from pathlib import Path

import pytest

from bench.core.readme import write_readme


def summary(median: float, lowest: float, highest: float) -> dict[str, float]:
    return {"median": median, "lowest": lowest, "highest": highest}


RESULTS = {
    "machine": {"date": "2026-11-28T01:00:00", "commit": "abc", "cpu": "Zx80", "cores": 2, "python": "3", "node": "v1"},
    "labels": {"notevault-sqlite": "NoteVault", "slow": "Slow 1", "fast": "Fast 2"},
    "medians": [
        {
            "workload": workload,
            "point": point,
            "server": server,
            "values": {metric: summary(*of)},
        }
        for workload, point, metric, server, of in (
            ("W2", "notes=100", "server_us_per_edit", "notevault-sqlite", (70.0, 60.0, 90.0)),
            ("W2", "notes=100", "server_us_per_edit", "slow", (300.0, 300.0, 300.0)),
            ("W2", "notes=100", "server_us_per_edit", "fast", (140.0, 130.0, 150.0)),
            ("W2 highest rate", "", "edits_per_second", "slow", (4000.0, 4000.0, 4000.0)),
            ("W2 highest rate", "", "edits_per_second", "fast", (8000.0, 8000.0, 8000.0)),
        )
    ],
}


def test_the_table_shows_ours_and_the_best_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text(json.dumps(RESULTS))
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- measured -->\nold 7\n<!-- /measured -->\nafter\n")
    for _ in range(2):
        write_readme(readme, tmp_path)
    lines = readme.read_text().splitlines()
    assert (lines[0], lines[-1]) == ("before", "after")
    rows = [line.split(" | ") for line in lines if (line.startswith("| ") and "µs" in line) or "highest rate" in line]
    assert [row[1:] for row in rows] == [
        ["70 (60–90)", "–", "140 (130–150) Fast 2 |"],
        ["–", "–", "8,000 Fast 2 |"],
    ]
    assert "Zx80" in readme.read_text()
    assert "old 7" not in readme.read_text()


def test_a_readme_without_the_marks_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text(json.dumps(RESULTS))
    readme = tmp_path / "README.md"
    readme.write_text("before\n")
    with pytest.raises(ValueError, match="marks"):
        write_readme(readme, tmp_path)
    assert readme.read_text() == "before\n"

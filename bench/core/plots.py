"""Line and bar charts as SVG by hand: two axes, a few lines, no library."""

import math
from collections.abc import Mapping, Sequence
from html import escape

from bench.core.results import Summary, shown

_COLORS = ("#0b7285", "#c92a2a", "#5f3dc4", "#e67700", "#2b8a3e", "#495057", "#a61e4d", "#1864ab", "#862e9c", "#087f5b")
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 760, 400, 70, 190, 44, 52
_STYLE = "<style>text{font:12px system-ui,sans-serif;fill:#495057}.t{font-size:15px;fill:#212529}</style>"

Series = Mapping[float, Summary]


def line_chart(title: str, x_title: str, y_title: str, lines: Mapping[str, Series]) -> str:
    """Both axes logarithmic; medians as a line, ranges as bars at the points. Only what is above zero is drawn."""
    lines = {name: {x: y for x, y in of.items() if x > 0 and y.median > 0} for name, of in lines.items()}
    points = [(x, y) for of in lines.values() for x, y in of.items()]
    if not points:
        return ""
    x_axis = _log_axis([x for x, _ in points])
    y_axis = _log_axis([bound for _, y in points for bound in (y.highest, max(y.lowest, y.median / 10))])
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM

    def place_x(x: float) -> float:
        return _LEFT + _share(x, x_axis) * (right - _LEFT)

    def place_y(y: float) -> float:
        return bottom - _share(max(y, 10.0 ** y_axis[0]), y_axis) * (bottom - _TOP)

    parts = _frame(title, x_title, y_title)
    for power in range(x_axis[0], x_axis[1] + 1):
        x = place_x(10.0**power)
        parts.append(f'<path d="M{x:.1f} {_TOP}V{bottom}" stroke="#e9ecef"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{shown(10.0**power)}</text>')
    for power in range(y_axis[0], y_axis[1] + 1):
        y = place_y(10.0**power)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{right}" stroke="#e9ecef"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{shown(10.0**power)}</text>')
    for number, (name, series) in enumerate(lines.items()):
        color = _COLORS[number % len(_COLORS)]
        path = " ".join(f"{place_x(x):.1f},{place_y(y.median):.1f}" for x, y in sorted(series.items()))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        for x, y in series.items():
            at = place_x(x)
            spread = f"M{at:.1f} {place_y(y.lowest):.1f}V{place_y(y.highest):.1f}"
            parts.append(f'<path d="{spread}" stroke="{color}" opacity="0.5"/>')
            parts.append(f'<circle cx="{at:.1f}" cy="{place_y(y.median):.1f}" r="3.5" fill="{color}"/>')
        at_y = _TOP + 14 + 20 * number
        parts.append(f'<rect x="{right + 14}" y="{at_y - 9}" width="12" height="10" fill="{color}"/>')
        parts.append(f'<text x="{right + 32}" y="{at_y}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>\n"])


def bar_chart(title: str, unit: str, bars: Sequence[tuple[str, Summary]]) -> str:
    """Horizontal bars from zero, the range as a whisker."""
    if not bars:
        return ""
    height = 70 + 30 * len(bars)
    scale = (_WIDTH - 330) / (max(bar.highest for _, bar in bars) or 1)
    parts = [_open(height), f'<text class="t" x="16" y="26">{escape(title)}</text>']
    for number, (name, bar) in enumerate(bars):
        y = 44 + 30 * number
        color = _COLORS[0] if name.startswith("NoteVault") else "#adb5bd"
        low, middle, high = (220 + value * scale for value in (bar.lowest, bar.median, bar.highest))
        parts.append(f'<text x="210" y="{y + 15}" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<rect x="220" y="{y}" width="{middle - 220:.1f}" height="20" fill="{color}"/>')
        parts.append(f'<path d="M{low:.1f} {y + 10}H{high:.1f}" stroke="#212529"/>')
        parts.append(f'<text x="{high + 8:.1f}" y="{y + 15}">{shown(bar.median)} {escape(unit)}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _open(height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}">'
        f'{_STYLE}<rect width="100%" height="100%" fill="#fff"/>'
    )


def _frame(title: str, x_title: str, y_title: str) -> list[str]:
    middle_x, middle_y = (_LEFT + _WIDTH - _RIGHT) / 2, (_TOP + _HEIGHT - _BOTTOM) / 2
    return [
        _open(_HEIGHT),
        f'<text class="t" x="16" y="26">{escape(title)}</text>',
        f'<text x="{middle_x}" y="{_HEIGHT - 12}" text-anchor="middle">{escape(x_title)}</text>',
        f'<text x="16" y="{middle_y}" text-anchor="middle" transform="rotate(-90 16 {middle_y})">',
        f"{escape(y_title)}</text>",
    ]


def _log_axis(values: Sequence[float]) -> tuple[int, int]:
    """Powers of ten around the values."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _share(value: float, axis: tuple[int, int]) -> float:
    return (math.log10(value) - axis[0]) / (axis[1] - axis[0])

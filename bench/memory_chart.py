"""Draws the memory of a server over time as an SVG image."""

from collections.abc import Sequence

WIDTH, HEIGHT, MARGIN = 640, 240, 40
_STYLE = "text{font:12px sans-serif;fill:#777}path{fill:none}"


def chart(points: Sequence[tuple[float, float]]) -> str:
    """Draw points of minutes and megabytes; both axes begin at 0."""
    minutes = max(x for x, _ in points) or 1.0
    most = _rounded(max(y for _, y in points))
    path = " ".join(f"{_x(x, minutes):.1f},{_y(y, most):.1f}" for x, y in points)
    grid = "".join(
        f'<path stroke="#ccc" d="M{MARGIN},{_y(y, most):.1f}H{WIDTH - MARGIN}"/>'
        f'<text x="{MARGIN - 6}" y="{_y(y, most) + 4:.1f}" text-anchor="end">{y:g}</text>'
        for y in (most * part / 4 for part in range(5))
    )
    ticks = "".join(
        f'<text x="{_x(x, minutes):.1f}" y="{HEIGHT - 16}" text-anchor="middle">{x:.3g}</text>'
        for x in (minutes * part / 6 for part in range(7))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"<style>{_STYLE}</style>{grid}{ticks}"
        f'<text x="4" y="14">MB</text><text x="{WIDTH - MARGIN + 8}" y="{HEIGHT - 16}">min</text>'
        f'<path stroke="#2563eb" stroke-width="1.5" d="M{path}"/></svg>\n'
    )


def _x(minutes: float, end: float) -> float:
    return MARGIN + (WIDTH - 2 * MARGIN) * minutes / end


def _y(megabytes: float, most: float) -> float:
    return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * megabytes / most


def _rounded(megabytes: float) -> float:
    return (megabytes // 40 + 1) * 40

"""Pictures and tables for notebooks: SVG and HTML, of arrays and of what the library reports."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

Shape = tuple[int, int]

INK, PAPER, UNKNOWN, WRONG = "#1f2933", "#ffffff", "#c8d0d8", "#c0392b"


def shape_of(neurons: int, shape: Optional[Shape]) -> Shape:
    """The height and width of a picture of so many pixels: those that are known, or the nearest to a square that divides it.

    >>> shape_of(128, None), shape_of(128, (16, 8)), shape_of(7, None)
    ((8, 16), (16, 8), (1, 7))
    """
    if shape is not None and shape[0] * shape[1] == neurons:
        return shape
    height = next(h for h in range(int(neurons**0.5), 0, -1) if neurons % h == 0)
    return height, neurons // height


def svg(bits: NDArray[Any], shape: Shape, *, known: Optional[NDArray[Any]] = None, right: Optional[NDArray[Any]] = None, pixel: int = 4) -> str:
    """A row of bits as a picture; unknown bits are grey, and those that differ from `right` red."""
    height, width = shape
    ink = np.asarray(bits).reshape(shape)
    colours = np.where(ink != 0, INK, PAPER)
    if right is not None:
        colours = np.where(ink != np.asarray(right).reshape(shape), WRONG, colours)
    if known is not None:
        colours = np.where(np.asarray(known).reshape(shape) == 0, UNKNOWN, colours)
    parts = []
    for y in range(height):
        x = 0
        while x < width:
            end = x
            while end < width and colours[y, end] == colours[y, x]:
                end += 1
            if colours[y, x] != PAPER:
                place = f'x="{x}" y="{y}" width="{end - x}" height="1"'
                parts.append(f'<rect {place} fill="{colours[y, x]}"/>')
            x = end
    size = f'width="{width * pixel}" height="{height * pixel}" viewBox="0 0 {width} {height}"'
    frame = f'<rect width="{width}" height="{height}" fill="{PAPER}"/>'
    style = "border:1px solid #c8d0d8;margin:2px"
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} shape-rendering="crispEdges" style="{style}">{frame}{"".join(parts)}</svg>'


def sheet(rows: NDArray[Any], shape: Shape, captions: Optional[Sequence[str]] = None, **how: Any) -> str:
    """Rows of bits as pictures, one beside the other."""
    cells = []
    for number, row in enumerate(rows):
        caption = f"<br><small>{html.escape(captions[number])}</small>" if captions else ""
        cells.append(f'<span style="display:inline-block;text-align:center;margin:2px">{svg(row, shape, **how)}{caption}</span>')
    return f'<div style="line-height:1.2">{"".join(cells)}</div>'


def table(rows: Iterable[tuple[str, Any]], title: str = "") -> str:
    """Names and values."""
    lines = "".join(
        f'<tr><td style="text-align:left">{html.escape(name)}</td><td style="text-align:left">{html.escape(shown(value))}</td></tr>'
        for name, value in rows
    )
    head = f"<caption><b>{html.escape(title)}</b></caption>" if title else ""
    return f"<table>{head}{lines}</table>"


def shown(value: Any) -> str:
    """A value in a table.

    >>> shown(0.123456789), shown([1, 2]), shown(None)
    ('0.1235', '1, 2', '-')
    """
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(v) for v in value)
    return str(value)

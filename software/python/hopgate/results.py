"""What the library reports, as objects: what its JSON has, by the same names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from . import pictures


class Report(Mapping[str, Any]):
    """What was found: the keys of the command line's JSON, as items and as attributes.

    >>> report = Report("Estimate", {"fits": True, "logic_cells": {"need": 1200, "have": 7680}})
    >>> report.fits, report["logic_cells"]["need"], report.logic_cells.have
    (True, 1200, 7680)
    >>> report
    Estimate(fits=True, logic_cells={'need': 1200, 'have': 7680})
    """

    def __init__(self, title: str, data: Mapping[str, Any]) -> None:
        self._title, self._data = title, dict(data)

    @classmethod
    def parse(cls, title: str, text: str) -> Report:
        """Of JSON."""
        return cls(title, json.loads(text))

    def __getitem__(self, key: str) -> Any:
        return self._data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._data:
            raise AttributeError(f"{self._title if not name.startswith('_') else type(self).__name__} has no {name}")
        value = self._data[name]
        return Report(name, value) if isinstance(value, dict) else value

    def __dir__(self) -> list[str]:
        return sorted([*super().__dir__(), *self._data])

    def __repr__(self) -> str:
        short = {key: value for key, value in self._data.items() if len(repr(value)) < 60}
        return f"{self._title}({', '.join(f'{key}={value!r}' for key, value in short.items())})"

    def _repr_html_(self) -> str:
        return pictures.table(list(_flat(self._data)), self._title)


def _flat(data: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        elif not (isinstance(value, (list, str)) and len(value) > 60):
            yield before + key, value

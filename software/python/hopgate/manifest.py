"""The manifest of a memory folder, and all that it must say."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from typing import Any, Callable, Union

from .errors import MemoryFolderError
from .wire import AUTO, CLASS, KINDS, MAP

FORMAT, VERSIONS, SELF_HASH = "hopgate-memory", (1, 2), "manifest_sha256"

# whether a value will do, and what it must be
Check = tuple[Callable[[Any], bool], str]
Place = Union[str, "os.PathLike[str]"]


def _number(least: int, most: int) -> Check:
    def check(value: Any) -> bool:
        return type(value) is int and least <= value <= most

    return check, f"a whole number, {least} to {most}"


_TEXT = (lambda value: isinstance(value, str)), "a text"
_TRUTH = (lambda value: isinstance(value, bool)), "true or false"
_OBJECT = (lambda value: value is None or isinstance(value, dict)), "an object"

# what each field must be; the last ones may be missing
FIELDS: dict[str, Check] = {
    "format": _TEXT,
    "version": _number(*VERSIONS),
    "kind": ((lambda value: value in KINDS), " or ".join(f'"{kind}"' for kind in KINDS)),
    "outputs": _number(1, 1024),
    "radius": _number(0, 1024),
    "neurons": _number(1, 1024),
    "patterns": _number(1, 2**31),
    "planes": _number(1, 16),
    "top_plane_is_pattern": _TRUTH,
    "kernel_bits": _number(4, 16),
    "kernel_mode": ((lambda value: value in ("normalised", "fixed")), '"normalised" or "fixed"'),
    "accumulator_bits": _number(1, 32),
    "max_steps": _number(1, 255),
    "gamma": ((lambda value: type(value) in (int, float) and abs(value) <= sys.float_info.max), "a number"),
    "reach": _number(0, 1024),
    "sha256": _TEXT,
    "scheme": _TEXT,
    "files": _OBJECT,
    "info": _OBJECT,
    SELF_HASH: ((lambda value: value is None or isinstance(value, str)), "a text"),
}
OPTIONAL = ("scheme", "files", "info", SELF_HASH)
# fields of version 2 and of no other
SECOND = ("kind", "outputs", "radius")


def read(folder: Place) -> dict[str, Any]:
    """The manifest of a folder as a dict, each field checked; raises `MemoryFolderError`.

    What a manifest of version 1 does not say is in the dict too.
    """
    path = os.path.join(os.fsdecode(folder), "manifest.json")

    def wrong(what: str) -> MemoryFolderError:
        return MemoryFolderError(f"{path}: {what}")

    try:
        with open(path, "rb") as file:
            text = file.read().decode("utf-8")
        manifest = json.loads(text)
    except (OSError, ValueError, RecursionError) as e:
        raise MemoryFolderError(f"{folder} is no memory folder: {e}; hopgate quantize makes one") from e
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise wrong("not the manifest of a memory")
    version = manifest.get("version")
    if type(version) is not int or version not in VERSIONS:
        raise wrong(f"of version {version}, but this client reads versions {VERSIONS[0]} to {VERSIONS[-1]}")
    absent = SECOND if version == 1 else ()
    for name, (check, what) in FIELDS.items():
        if name in manifest and name in absent:
            raise wrong(f"there is {name} in it, which version {version} does not have")
        if name not in manifest:
            if name not in OPTIONAL + absent:
                raise wrong(f"there is no {name} in it")
        elif not check(manifest[name]):
            raise wrong(f"{name} is {json.dumps(manifest[name])[:60]}, but must be {what}")
    for name in manifest:
        if name not in FIELDS:
            raise wrong(f"there is a field {name}, which this version does not have")
    if manifest.get(SELF_HASH) not in (None, self_hash(text)):
        raise wrong(f"it was damaged or edited: {SELF_HASH} is not that of its other lines; quantize the model again")
    whole = {"kind": AUTO, "outputs": manifest["neurons"], "radius": manifest["neurons"], **manifest}
    if whole["radius"] > whole["neurons"]:
        raise wrong(f"radius is {whole['radius']}, but must be 0 to {whole['neurons']}")
    if whole["kind"] not in (MAP, CLASS) and whole["outputs"] != whole["neurons"]:
        raise wrong(f"outputs is {whole['outputs']}, but of kind {whole['kind']} as many as neurons: {whole['neurons']}")
    return whole


def self_hash(text: str) -> str:
    """SHA-256 of the manifest's lines, without the one that holds it."""
    lines = text.split("\n")
    lines = [line + "\n" for line in lines[:-1]] + lines[-1:]
    kept = [line for line in lines if not line.lstrip().startswith(f'"{SELF_HASH}":')]
    return hashlib.sha256("".join(kept).encode("utf-8")).hexdigest()

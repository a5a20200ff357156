"""The manifest of a memory folder, and all that it must say."""

import hashlib
import json
import os
import sys

from .errors import MemoryFolderError

FORMAT, VERSION, SELF_HASH = "hopgate-memory", 1, "manifest_sha256"


def _number(least, most):
    def check(value):
        return type(value) is int and least <= value <= most

    return check, f"a whole number, {least} to {most}"


_TEXT = (lambda value: isinstance(value, str)), "a text"
_TRUTH = (lambda value: isinstance(value, bool)), "true or false"
_OBJECT = (lambda value: value is None or isinstance(value, dict)), "an object"

# what each field must be; the last ones may be missing
FIELDS = {
    "format": _TEXT,
    "version": _number(VERSION, VERSION),
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


def read(folder):
    """The manifest of a folder as a dict, each field checked; raises `MemoryFolderError`."""
    path = os.path.join(os.fsdecode(folder), "manifest.json")

    def wrong(what):
        return MemoryFolderError(f"{path}: {what}")

    try:
        with open(path, "rb") as file:
            text = file.read().decode("utf-8")
        manifest = json.loads(text)
    except (OSError, ValueError, RecursionError) as e:
        raise MemoryFolderError(f"{folder} is no memory folder: {e}; hopgate quantize makes one") from e
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise wrong("not the manifest of a memory")
    if manifest.get("version") != VERSION:
        raise wrong(f"of version {manifest.get('version')}, but this client reads version {VERSION}")
    for name, (check, what) in FIELDS.items():
        if name not in manifest:
            if name not in OPTIONAL:
                raise wrong(f"there is no {name} in it")
        elif not check(manifest[name]):
            raise wrong(f"{name} is {json.dumps(manifest[name])[:60]}, but must be {what}")
    for name in manifest:
        if name not in FIELDS:
            raise wrong(f"there is a field {name}, which this version does not have")
    if manifest.get(SELF_HASH) not in (None, self_hash(text)):
        raise wrong(f"it was damaged or edited: {SELF_HASH} is not that of its other lines; quantize the model again")
    return manifest


def self_hash(text):
    """SHA-256 of the manifest's lines, without the one that holds it."""
    lines = text.split("\n")
    lines = [line + "\n" for line in lines[:-1]] + lines[-1:]
    kept = [line for line in lines if not line.lstrip().startswith(f'"{SELF_HASH}":')]
    return hashlib.sha256("".join(kept).encode("utf-8")).hexdigest()

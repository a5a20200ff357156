#!/usr/bin/env python3
"""Executes the notebooks: each cell must run, and what it asserts must hold.

    run.py FOLDER

FOLDER takes the executed notebooks, and beside each its page: what is shown, for eyes. `HOPGATE` names the program.
"""

import html
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent


def page(notebook):
    """What a reader sees, without anything that is not in the notebook."""
    parts = []
    for cell in notebook.cells:
        parts.append(f"<pre>{html.escape(cell.source)}</pre>")
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            text = output.get("text") or data.get("text/plain", "")
            parts.append(data.get("text/html") or f"<pre><b>{html.escape(text)}</b></pre>")
    return "<!DOCTYPE html><meta charset='utf-8'><body style='font-family:sans-serif'>" + "\n".join(parts)


def main(folder):
    Path(folder).mkdir(parents=True, exist_ok=True)
    for path in sorted(HERE.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        start = time.monotonic()
        NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(HERE)}}).execute()
        nbformat.write(notebook, Path(folder) / path.name)
        (Path(folder) / path.name).with_suffix(".html").write_text(page(notebook))
        print(f"{path.name}: {len(notebook.cells)} cells in {time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])

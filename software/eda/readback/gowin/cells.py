"""Verilog of what the bits of a Gowin bitstream configure: python3 cells.py BITSTREAM CONSTRAINTS PART CHIP TOP > bitstream.v

Nothing is read but the bitstream and the pins of the ports. Written is what leads to an output pin, and nothing else. What the bits of a
cell were taken to mean is encoded again and must give all bits of that cell: bits that no setting makes end this with an error.
"""

import itertools
import re
import sys

from apycula import attrids
from bits import CONSTANTS, Attributes, Chip, fail

PORTS = "AB"  # of a block RAM


class Reader:
    """Writes the cells behind output pins."""

    def __init__(self, chip, inputs):
        self.chip, self.db, self.inputs = chip, chip.db, inputs
        self.declared, self.lines, self.seen, self.todo, self.slices = [], [], set(), [], {}
        self.slice_bits = Attributes(self.db, "SLICE", attrids.cls_attrids, attrids.cls_attrvals)
        self.ram_bits = Attributes(self.db, "BSRAM", attrids.bsram_attrids, attrids.bsram_attrvals)
        for place in chip.tiles:
            for name, bel in self.db[place].bels.items():
                self.outputs_of(place, name, bel.portmap)

    def outputs_of(self, place, name, ports):
        """Notes which cell makes the value of a wire."""
        def makes(wire, how, *what):
            self.chip.cells[self.chip.wire(place, wire)] = (how, place, *what)

        kind, number = re.fullmatch(r"(LUT|DFF|ALU|\w+?)(\d*)", name).groups()
        if kind == "LUT":
            makes(f"F{number}", self.table, int(number))
            makes(f"OF{number}", self.multiplexer, int(number))
        elif kind == "DFF":
            makes(f"Q{number}", self.register, int(number))
        elif kind == "ALU":
            # the carry goes on to the right
            to = (place, f"CIN{int(number) + 1}") if number != "5" else ((place[0], place[1] + 1), "CIN0")
            self.chip.cells[self.chip.wire(*to)] = (self.carry, place, int(number))
        elif kind == "BSRAM":
            for i in range(36):
                makes(ports[f"DO{i}"], self.block_ram, i)
        elif kind in ("RPLLA", "PLLVR"):
            for port in ("CLKOUT", "CLKOUTP", "CLKOUTD", "CLKOUTD3", "LOCK"):
                makes(ports[port], self.pll, ports["CLKIN"], port)

    def use(self, wire):
        """How Verilog calls a wire, after noting that it has to be written."""
        wire = self.chip.source(wire)
        if wire in CONSTANTS:
            return CONSTANTS[wire]
        if wire not in self.seen:
            self.seen.add(wire)
            self.todo.append(wire)
        return wire

    def at(self, place, name):
        return self.use(self.chip.wire(place, name))

    def write(self):
        while self.todo:
            wire = self.todo.pop()
            if wire in self.inputs:
                self.set(wire, self.inputs[wire])
            elif wire in self.chip.cells:
                how, place, *what = self.chip.cells[wire]
                how(wire, place, *what)
            else:
                fail(f"the wire {wire} leads to an output pin, and nothing drives it")

    def set(self, wire, value):
        self.declared.append(f"wire {wire};")
        self.lines.append(f"assign {wire} = {value};")

    def slice(self, place, i):
        """How a pair of tables and registers is set."""
        kind = (self.db[place].ttyp, i // 2)
        table = self.db.shortval[kind[0]].get(f"CLS{kind[1]}", {})
        if kind not in self.slices:
            # without a register is as without a reset
            choices = [
                ("MODE", (None, "ALU")), ("REG0_REGSET", ("RESET", "SET")), ("REG1_REGSET", ("RESET", "SET")),
                ("SRMODE", (None, "ASYNC")), ("LSRONMUX", (None, "LSRMUX")), ("CLKMUX_CLK", ("SIG", "INV")),
            ]
            names, values = zip(*choices)
            known = self.slices[kind] = {}
            for chosen in itertools.product(*values):
                settings = {name: value for name, value in zip(names, chosen) if value}
                bits = self.slice_bits.encode(table, {"REGMODE": "FF", "CEMUX_1": "UNKNOWN", "CEMUX_CE": "SIG", **settings})
                known.setdefault(frozenset(bits), settings)
        used = self.chip.is_set(place, set().union(*table.values()))
        settings = self.slices[kind].get(frozenset(used))
        if settings is None:
            fail(f"a slice is set in a way that is not known: row {place[0] + 1}, column {place[1] + 1}, {i // 2}: bits {sorted(used)}")
        return settings

    def entries(self, place, i):
        """The sixteen entries of a lookup table; a bit that is set is a zero."""
        flags = self.db[place].bels[f"LUT{i}"].flags
        return [0 if self.chip.is_set(place, bits) else 1 for _, bits in sorted(flags.items())]

    def function(self, place, i, entries, inputs):
        """A table as an expression of those inputs that matter: one that is not routed often takes the output of its own table."""
        for number, name in enumerate(inputs):
            pin = self.chip.source(self.chip.wire(place, f"{name}{i}"))
            if pin in CONSTANTS:
                size = 1 << number
                entries = [entries[j | size if pin == "VCC" else j & ~size] for j in range(len(entries))]

        def choose(entries, inputs):
            if len(set(entries)) == 1:
                return f"1'b{entries[0]}"
            half = len(entries) // 2
            low, high = entries[:half], entries[half:]
            if low == high:
                return choose(low, inputs[:-1])
            pin = self.at(place, f"{inputs[-1]}{i}")
            if set(low) == {0} and set(high) == {1}:
                return pin
            return f"({pin} ? {choose(high, inputs[:-1])} : {choose(low, inputs[:-1])})"

        return choose(entries, inputs)

    def table(self, wire, place, i):
        value = self.function(place, i, self.entries(place, i), "ABCD")
        if self.slice(place, i).get("MODE") == "ALU":
            value = f"{value} ^ {self.at(place, f'CIN{i}')}"
        self.set(wire, value)

    def carry(self, wire, place, i):
        """A carry is passed on where the table of the sum is one, and else made by the first four entries."""
        if self.slice(place, i).get("MODE") != "ALU":
            fail(f"the carry {wire} is used, and its slice is none of an adder")
        entries = self.entries(place, i)
        passes, made = self.function(place, i, entries, "ABCD"), self.function(place, i, entries[:4], "AB")
        value = made if passes == "1'b0" else f"{passes} ? {self.at(place, f'CIN{i}')} : {made}"
        self.set(wire, value)

    def multiplexer(self, wire, place, i):
        """Two tables or smaller multiplexers make a wider one; that of eight tables has half of them in the tile to the right."""
        low, high = {1: ("OF2", "OF0"), 3: ("OF5", "OF1"), 5: ("OF6", "OF4"), 7: ("OF3", "OF3")}.get(i, (f"F{i}", f"F{i + 1}"))
        low = self.at((place[0], place[1] + 1) if i == 7 else place, low)
        self.set(wire, f"{self.at(place, f'SEL{i}')} ? {self.at(place, high)} : {low}")

    def register(self, wire, place, i):
        settings = self.slice(place, i)
        value = "1'b0" if settings[f"REG{i % 2}_REGSET"] == "RESET" else "1'b1"
        clock, enable, data = (self.at(place, name) for name in (f"CLK{i // 2}", f"CE{i // 2}", f"F{i}"))
        when = ("negedge " if settings["CLKMUX_CLK"] == "INV" else "posedge ") + clock
        take = f"{wire} <= {data};" if enable == "1'b1" else f"if ({enable}) {wire} <= {data};"
        if "LSRONMUX" in settings:
            reset = self.at(place, f"LSR{i // 2}")
            take = f"if ({reset}) {wire} <= {value}; else {take}"
            if "SRMODE" in settings:
                when += f" or posedge {reset}"
        self.declared.append(f"reg {wire} = {value};")
        self.lines.append(f"always @({when}) {take}")

    def pll(self, wire, place, clock, port):
        """A PLL is a wire, and always locked, as in the models of the netlist."""
        value = "1'b1" if port == "LOCK" else self.at(place, clock)
        self.set(wire, value)

    def block_ram(self, wire, place, i):
        name = f"R{place[0] + 1}C{place[1] + 1}_BSRAM"
        settings = self.ram_settings(place)
        # a word of 36 bits takes the outputs of both ports
        port, bit = ("B", i) if settings["WIDTH_B"] == 36 else ("A", i) if i < 18 else ("B", i - 18)
        self.set(wire, f"{name}_{port}[{bit}]")
        if name in self.seen:
            return
        self.seen.add(name)
        ports = self.db[place].bels["BSRAM"].portmap
        pins = {}
        for port in PORTS:
            def pin(name):
                return self.at(place, ports[name])

            def bus(name, count):
                return "{" + ", ".join(pin(f"{name}{j}") for j in reversed(range(count))) + "}"

            low = port.lower()
            pins[f"clk{low}"] = pin(f"CLK{port}")
            pins[f"do{low}"] = f"{name}_{port}"
            if pins[f"clk{low}"] in CONSTANTS.values():
                # nothing happens at a port without a clock
                pins.update((f"{of}{low}", "1'b0") for of in ("ce", "oce", "we", "reset"))
                pins.update((f"{of}{low}", f"{width}'d0") for of, width in (("select", 3), ("ad", 14), ("di", 36)))
                continue
            pins[f"ce{low}"] = ("~" if port == "A" and settings["INVERT"] else "") + pin(f"CE{port}")
            pins.update((f"{of}{low}", pin(f"{full}{port}")) for of, full in (("oce", "OCE"), ("we", "WRE"), ("reset", "RESET")))
            pins[f"select{low}"], pins[f"ad{low}"] = bus(f"BLKSEL{port}", 3), bus(f"AD{port}", 14)
            writes = pins[f"we{low}"] != "1'b0"
            pins[f"di{low}"] = "36'd0" if not writes else bus("DI", 36) if settings[f"WIDTH_{port}"] == 36 else bus(f"DI{port}", 18)
        values = {key: value for key, value in settings.items() if key != "INVERT"}
        values.update(UNIT=9, CONTENTS=self.ram_contents(place))
        self.declared.append(f"wire [35:0] {name}_A, {name}_B;")
        self.lines += [
            f"hopgate_bsram #({', '.join(f'.{key}({value})' for key, value in values.items())})",
            f"    {name}({', '.join(f'.{key}({value})' for key, value in pins.items())});",
        ]

    def ram_settings(self, place):
        """How a block RAM is set: the bits are in three tiles. They are the same for all kinds, but not every table has all of them."""
        tiles = [(place[0], place[1] + i) for i in range(3)]
        for kind in ("SP", "SDP", "DP", "ROM"):
            tables = [self.db.shortval[self.db[tile].ttyp][f"BSRAM_{kind}"] for tile in tiles]
            used = [self.chip.is_set(tile, set().union(*table.values())) for tile, table in zip(tiles, tables)]
            settings = self.ram_settings_as(kind, tables, used)
            if settings:
                return settings
        fail(f"a block RAM is set in a way that is not known: row {place[0] + 1}, column {place[1] + 1}: bits {[sorted(u) for u in used]}")

    def ram_settings_as(self, kind, tables, used):
        given, settings = {"MODE": "ENABLE", "GSR": "DISABLE"}, {}

        def encode(given):
            return [self.ram_bits.encode(table, given) for table in tables]

        def has(name, value):
            """Whether an attribute has this value; then it is noted."""
            bits = encode({name: value})
            found = any(bits) and all(b <= u for b, u in zip(bits, used))
            if found:
                given[name] = value
            return found

        settings["INVERT"] = has("CEMUX_CEA", "INV")
        settings["RESET_MODE"] = '"ASYNC"' if has("OUTREG_ASYNC", "RESET") else '"SYNC"'
        for port in PORTS:
            # the bits of one width are among those of another: the most that fit
            widths = {(f"{kind}{port}_DATA_WIDTH", width): int(width) for width in ("1", "2", "4", "9", "16")}
            widths[f"DBLW{port}", "X36"] = 36
            fits = [pair for pair in widths if all(b <= u for b, u in zip(encode(dict([pair])), used))]
            best = max(fits, key=lambda pair: sum(map(len, encode(dict([pair])))), default=(f"{kind}{port}_DATA_WIDTH", "16"))
            given.update([best])
            settings[f"WIDTH_{port}"] = 18 if widths[best] == 16 else widths[best]
            settings[f"SELECT_{port}"] = sum(1 << i for i in range(3) if not has(f"CS{port}_{i}", "SET"))
            settings[f"READ_{port}"] = int(has(f"{kind}{port}_REGMODE", "OUTREG"))
            modes = [code for code, mode in ((1, "WT"), (2, "RBW")) if has(f"{kind}{port}_MODE", mode)]
            settings[f"WRITE_{port}"] = (modes + [0])[0]
            for byte in ("BEHB", "BELB"):
                has(f"{kind}{port}_{byte}", "ENABLE")
        return settings if encode(given) == used else None

    def ram_contents(self, place):
        """The bits that a block RAM begins with, nine a byte: two bytes stand in a row of eighteen."""
        contents = 0
        if len(self.chip.contents):
            first = 256 * sorted(self.db.simplio_rows).index(place[0])
            rows = self.chip.contents[first : first + 256][::-1]
            left = sum(self.db[0, col].width for col in range(place[1]))
            columns = self.db.rev_logicinfo("BSRAM_INIT")
            for word, bit in itertools.product(range(1024), range(18)):
                # the ninth bit of a byte is where its eighth is
                address = 16 * word + bit - bit // 9 - (bit % 9 == 8)
                row = {0x00: 0x00, 0x10: 0x80, 0x20: 0x40, 0x30: 0xC0}[address & 0x30] + (address >> 6 & 0x3F)
                column = columns[4 * bit + (address >> 12)][0] - 1
                contents |= int(rows[row][left + column]) << 18 * word + bit
        return f"18432'h{contents:x}"


def main(bitstream, constraints, part, family, top):
    chip = Chip(bitstream, part, family)
    with open(constraints, encoding="utf-8") as file:
        pins = re.findall(r'^IO_LOC "(\w+)(?:\[(\d+)\])?" (\w+);', file.read(), re.MULTILINE)
    inputs, outputs, ports = {}, [], {}
    for name, index, pin in pins:
        place, wires, is_output = chip.pad(pin)
        bit = f"{name}[{index}]" if index else name
        width = max(int(index) + 1, ports.get(name, (0, 0))[1]) if index else None
        ports[name] = ("output" if is_output else "input", width)
        if is_output:
            outputs.append((bit, chip.wire(place, wires["I"])))
        else:
            inputs[chip.wire(place, wires["O"])] = bit
    reader = Reader(chip, inputs)
    assigns = [f"assign {bit} = {reader.use(wire)};" for bit, wire in outputs]
    reader.write()
    listed = (f"{way} [{width - 1}:0] {name}" if width else f"{way} {name}" for name, (way, width) in ports.items())
    print(f"module {top}({', '.join(listed)});")
    print("\n".join(reader.declared + reader.lines + assigns))
    print("endmodule")


if __name__ == "__main__":
    if len(sys.argv) != 6:
        fail(__doc__.splitlines()[0])
    main(*sys.argv[1:])

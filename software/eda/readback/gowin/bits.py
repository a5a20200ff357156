"""The bits of a Gowin bitstream: which wires the routing joins, and where pins are. apycula's tables say what each bit means."""

import itertools
import sys
from importlib.resources import files

try:
    from apycula import attrids, bslib, chipdb
    from apycula.gowin_unpack import parse_attrvals, tbrl2rc
except ImportError as e:
    sys.exit(f"error: apycula 0.32 or newer is not there for {sys.executable}: {e}")

CONSTANTS = {"VCC": "1'b1", "VSS": "1'b0"}


def fail(what):
    sys.exit(f"error: {what}")


class Chip:
    """The bits of a bitstream by tiles, and the wires that they join."""

    def __init__(self, bitstream, part, chip):
        self.db = chipdb.load_chipdb(str(files("apycula") / f"{chip}.msgpack.xz"))
        if part not in self.db.packages:
            fail(f"apycula knows no {part} among its {chip}")
        package, variant, _ = self.db.packages[part]
        self.pins = self.db.pinout[variant][package]
        try:
            rows = bslib.read_bitstream(bitstream)[0]
        except AssertionError:
            fail(f"the checksum of a row of {bitstream} is wrong")
        except (ValueError, IndexError) as e:
            fail(f"{bitstream} is no bitstream: {e}")
        if len(rows) < self.db.height:
            fail(f"{bitstream} has {len(rows)} rows of bits, and a {chip} {self.db.height}")
        self.contents = rows[self.db.height:]
        self.tiles = chipdb.tile_bitmap(self.db, rows[: self.db.height], empty=True)
        self.cells = {}
        self.name_wires()
        self.join_wires()

    def is_set(self, place, bits):
        """Those of the bits of a tile that are one."""
        tile = self.tiles[place]
        return {bit for bit in bits if tile[bit[0]][bit[1]]}

    def wire(self, place, name):
        """What a wire is called in the tile where it begins."""
        name = chipdb.wire2global(place[0] + 1, place[1] + 1, self.db, name)
        return self.aliases.get(name, name)

    def name_wires(self):
        db, self.aliases = self.db, {}

        def local(row, col, name):
            return f"R{row + 1}C{col + 1}_{name}"

        for _, node in db.nodes.values():
            first, *others = sorted(node, key=lambda wire: (len(wire[2]), wire))
            self.aliases.update((local(*other), local(*first)) for other in others)
        for row, col, i in itertools.product(range(db.rows), range(db.cols), (1, 2)):
            for down, right, name, here in ((-1, 0, "N1", "SN"), (1, 0, "S1", "SN"), (0, -1, "W1", "EW"), (0, 1, "E1", "EW")):
                there = chipdb.wire2global(row + down + 1, col + right + 1, db, f"{name}{i}1")
                self.aliases[there] = local(row, col, f"{here}{i}0")
        # long wires: a column, and a branch of it in each row
        for (_, col, i), segment in db.segments.items():
            column = local(segment["top_row"], col, segment["top_wire"])
            self.aliases[local(segment["bottom_row"], col, segment["bottom_wire"])] = column
            for row in range(segment["min_y"], segment["max_y"] + 1):
                self.aliases[local(row, col, f"LT0{1 + i // 4 * 3}")] = column
                for across in range(segment["min_x"], segment["max_x"] + 1):
                    self.aliases[local(row, across, f"LB{i}1")] = local(row, col, f"LBO{i // 4}")

    def join_wires(self):
        """Which wire drives which, by the multiplexers of the routing. One without a bit that is set takes the source that has none."""
        self.drivers, self.senseless, chosen = {}, {}, set()
        shared = set().union(*(node for _, node in self.db.nodes.values()))
        for place, tile in ((place, self.db[place]) for place in self.tiles):
            for name, sources in itertools.chain(tile.pips.items(), tile.clock_pips.items()):
                used = self.is_set(place, set().union(*sources.values()))
                found = [source for source, bits in sources.items() if bits == used]
                if len(found) > 1:
                    # the gates of the clocks' columns: the same bit opens whichever of the trunks is there
                    found = [source for source in found if (*place, source) in shared]
                to = self.wire(place, name)
                if used and len(found) != 1:
                    self.senseless[to] = f"row {place[0] + 1}, column {place[1] + 1}, {name}: bits {sorted(used)}"
                if len(found) != 1 or to in chosen and not used:
                    continue
                source = self.wire(place, found[0])
                if to in chosen and self.drivers[to] != source:
                    self.senseless[to] = f"{to} is driven by {source} and by {self.drivers[to]}"
                if used:
                    chosen.add(to)
                self.drivers[to] = source

    def source(self, wire):
        """The wire at which a value begins: the output of a cell, a pin or a constant."""
        seen = set()
        while wire not in self.cells:
            if wire in self.senseless:
                fail(f"routing without a sense: {self.senseless[wire]}")
            if wire not in self.drivers:
                break
            if wire in seen:
                fail(f"the wire {wire} drives itself")
            seen.add(wire)
            wire = self.drivers[wire]
        return wire

    def pad(self, pin):
        """Where a pin is: the tile, its wires, and whether it is an output."""
        if pin not in self.pins:
            fail(f"the package has no pin {pin}")
        row, col, bel = tbrl2rc(self.db, self.pins[pin][0])
        place = (row, col)
        table = self.db.longval[self.db[place].ttyp][f"IOB{bel}"]
        attributes = parse_attrvals(self.tiles[place], self.db.rev_logicinfo("IOB"), table, attrids.iob_attrids, "IOB")
        if not attributes:
            fail(f"the pin {pin} is not used in the bitstream")
        return place, self.db[place].bels[f"IOB{bel}"].portmap, bool({"ODMUX", "ODMUX_1"} & set(attributes))


class Attributes:
    """The bits by which a kind of cell is set."""

    def __init__(self, db, logic, names, values):
        self.db, self.logic, self.names, self.values = db, logic, names, values

    def encode(self, table, settings):
        codes = set()
        for name, value in settings.items():
            chipdb.add_attr_val(self.db, self.logic, codes, self.names[name], self.values[value])
        return chipdb.get_table_fuses(codes, table)

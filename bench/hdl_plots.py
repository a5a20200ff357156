"""The pictures of the table of `bench/hdl.py`: clocks and recalls a second against logic cells, as SVG without a library."""

import pathlib

HERE = pathlib.Path(__file__).resolve().parent
WIDTH, HEIGHT, TOP = 760, 420, 30


class Plot:
    """Axes from nought to the largest values, and what is drawn in them."""

    def __init__(self, title, left, most, fast):
        self.left, self.most, self.fast = left, most, fast
        self.out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="11">',
                    f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
                    f'<text x="{left}" y="18" font-size="13">{title}</text>']

    def x(self, cells):
        return self.left + (WIDTH - self.left - 20) * float(cells) / self.most

    def y(self, value):
        return HEIGHT - 40 - (HEIGHT - 40 - TOP) * float(value) / self.fast

    def axes(self, step, shown, unit=""):
        """Lines at every step of the values, and the logic cells below."""
        for value in range(0, int(self.fast) + 1, step):
            self.out.append(f'<path d="M{self.left} {self.y(value):.1f}H{WIDTH - 20}" stroke="#ddd"/>'
                            f'<text x="{self.left - 6}" y="{self.y(value) + 4:.1f}" text-anchor="end">{shown(value)}</text>')
        for cells in range(0, int(self.most) + 1, 1000):
            self.out.append(f'<text x="{self.x(cells):.1f}" y="{HEIGHT - 24}" text-anchor="middle">{cells}</text>')
        self.out.append(f'<text x="{(self.left + WIDTH) / 2}" y="{HEIGHT - 8}" text-anchor="middle">logic cells</text>{unit}')

    def legend(self, names, top):
        for i, (name, colour) in enumerate(names.items()):
            self.out.append(f'<circle cx="{WIDTH - 110}" cy="{top + 16 * i}" r="4" fill="{colour}"/>'
                            f'<text x="{WIDTH - 100}" y="{top + 4 + 16 * i}">{name}</text>')

    def write(self, path):
        path.write_text("\n".join(self.out + ["</svg>"]) + "\n")


def clocks(path, rows):
    """Logic cells against the fastest clock: a dot for the best seed, a line from the slowest one."""
    # several cores are so much larger that the others would be one dot
    rows = [r for r in rows if (r.get("cores") or "1") == "1"]
    most = max(int(r["logic_cells"]) for r in rows) * 1.25
    fast = max(float(r["fmax_max"]) for r in rows) * 1.1
    plot = Plot("Measured builds: clock (slowest to fastest seed) against logic cells", 60, most, fast)
    x, y = plot.x, plot.y
    colours = {"alchitry-cu": "#0072b2", "icestick": "#d55e00", "icebreaker": "#009e73", "ulx3s-85f": "#cc79a7", "tang-nano-9k": "#e69f00",
               "tang-nano-20k": "#56b4e9", "gatemate-evb": "#555"}
    colours = {board: colour for board, colour in colours.items() if any(r["board"] == board for r in rows)}
    plot.axes(20, str, f'<text x="14" y="{HEIGHT / 2}" transform="rotate(-90 14 {HEIGHT / 2})" text-anchor="middle">MHz</text>')
    # a name goes to the first place beside its line where nothing is yet: left, top, right, bottom of what is there
    taken = [(x(r["logic_cells"]) - 4, y(r["fmax_max"]) - 4, x(r["logic_cells"]) + 4, y(r["fmax_min"])) for r in rows]
    free = lambda box: all(box[2] < t[0] or t[2] < box[0] or box[3] < t[1] or t[3] < box[1] for t in taken)
    for row in sorted(rows, key=lambda r: int(r["logic_cells"])):
        a, high, low = x(row["logic_cells"]), y(row["fmax_max"]), y(row["fmax_min"])
        wide, colour = 6 * len(row["name"]), colours.get(row["board"], "#555")
        places = [(left, base) for step in range(0, 60, 6) for left in (a + 6, a - 6 - wide)
                  for base in (high - 4 - step, low + 12 + step)]
        boxes = [(left, base - 9, left + wide, base + 2) for left, base in places if left >= plot.left]
        at = next((box for box in boxes if free(box)), boxes[0])
        taken.append(at)
        plot.out.append(f'<path d="M{a:.1f} {low:.1f}V{high:.1f}" stroke="{colour}"/>'
                        f'<circle cx="{a:.1f}" cy="{high:.1f}" r="4" fill="{colour}"/>'
                        f'<text x="{at[0]:.1f}" y="{at[3] - 2:.1f}" fill="{colour}">{row["name"]}</text>')
    plot.legend(colours, TOP)
    plot.write(path)


def rates(path, rows):
    """Recalls a second with their streams against logic cells, and what no other core of the same memory beats in both."""
    rows = [r for r in rows if r.get("streamed_per_second") and r["board"] == "alchitry-cu" and r["name"].split(",")[0] in ("glyphs", "170 x 510")]
    # the same core by other tools lies where it lies, and its name on the other's
    rows = [r for r in rows if not r["name"].endswith("newest tools")]
    most = max(int(r["logic_cells"]) for r in rows) * 1.2
    fast = max(int(r["streamed_per_second"]) for r in rows) * 1.1
    plot = Plot("Alchitry Cu: recalls a second, streams included, against logic cells; hollow: nearest-pattern search", 70, most, fast)
    colours = {"glyphs": "#0072b2", "170 x 510": "#d55e00"}
    plot.axes(200_000, "{:,}".format)
    for i, (name, colour) in enumerate(colours.items()):
        of = sorted((r for r in rows if r["name"].split(",")[0] == name), key=lambda r: int(r["logic_cells"]))
        front, best = [], 0
        for r in of:
            if int(r["streamed_per_second"]) > best:
                best = int(r["streamed_per_second"])
                front.append(f'{plot.x(r["logic_cells"]):.1f} {plot.y(best):.1f}')
        plot.out.append(f'<path d="M{"L".join(front)}" stroke="{colour}" fill="none" stroke-dasharray="4 3"/>')
        for r in of:
            a, b = plot.x(r["logic_cells"]), plot.y(r["streamed_per_second"])
            said = r["name"].partition(", ")[2] or "1 row"
            fill = "white" if r["readout"] == "nearest" else colour
            # more planes are near one plane: what is said of them goes below
            down = 14 if r["k"] != "1" else 4 if i else -4
            plot.out.append(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="4" fill="{fill}" stroke="{colour}"/>'
                            f'<text x="{a + 7:.1f}" y="{b + down:.1f}" fill="{colour}">{said}</text>')
    plot.legend(colours, HEIGHT - 90)
    plot.write(path)


def pictures(table, rows):
    """Both pictures of a table."""
    clocks(table.with_suffix(".svg"), rows)
    rates(HERE.parent / "docs/src/images/rates.svg", rows)

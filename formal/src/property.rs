//! A property of an emitted design: what it says, on which design, how it is decided, and what it must refute.

use crate::engine::{Engine, Source, Verdict, circuit, decide};
use crate::hidden::{below, hidden, module_of};
use hopgate_files::atomic;
use hopgate_hdl::{
    CoreOptions, Design, Link, Plan, Readout, Room, Top,
    blocks::{
        cores::share,
        edge::{
            pll,
            reset::{FLUSH, power_up_cycles},
        },
    },
    cycles, emit,
    layout::LANE,
    pins::Pins,
};
use hopgate_model::{Error, ErrorKind, Result, kernel::KernelMode};
use hopgate_sim::suite::Shape;
use std::time::{Duration, Instant};

/// Where a property's text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Around a block: a module `harness` that instantiates it.
    Around,
    /// Inside the top module, before its `endmodule`, where its own signals have their names.
    Inside,
    /// The same inside a block of this kind, which stands alone: whatever it is given.
    Alone(&'static str),
}

/// What is around a core.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// Nothing.
    Core,
    /// A board, with so many clock cycles a bit.
    Board(usize),
    /// A board behind SPI.
    Spi,
    /// A board that learns, and stores cues that it does not know.
    Learning,
    /// The AXI4-Stream wrapper.
    Axis,
    /// The AXI4-Lite wrapper.
    Axil,
    /// The Wishbone wrapper.
    Wishbone {
        /// Whether it takes requests.
        requests: bool,
    },
}

/// The clock of wrappers, Hz: so slow that its 10 us are as short as any reset.
const SLOW_CLOCK: u32 = 1_000_000;

/// The design that a property is proved on.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// What the table calls it.
    pub name: &'static str,
    /// The memory.
    pub shape: Shape,
    /// What is around it.
    pub on: On,
    /// How it is decided here.
    pub engine: Engine,
    /// Whether `make test` proves it too.
    pub quick: bool,
    /// More `NAME` or `NAME=value`.
    pub defines: &'static [&'static str],
}

/// A change of an emitted block that a property must refute.
#[derive(Debug, Clone, Copy)]
pub struct Mutant {
    /// What it breaks.
    pub what: &'static str,
    /// The kind of block, as in its module's name; nothing for the top module.
    pub block: &'static str,
    /// A text in it (the first place counts).
    pub from: &'static str,
    /// What it becomes.
    pub to: &'static str,
}

/// A property.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// What it says, in one line.
    pub claim: &'static str,
    /// Its text.
    pub text: &'static str,
    /// Where it goes.
    pub place: Place,
    /// Kinds of instances whose outputs are free, and after `=` one instance of the top module, or one register (`KIND:NAME$q`).
    pub free: &'static [&'static str],
    /// What is added to blocks so that the property sees what it must.
    pub probes: &'static [Mutant],
    /// The designs.
    pub cases: &'static [Case],
    /// What it must refute, on the first case.
    pub mutants: &'static [Mutant],
    /// How deep to look for what must be found.
    pub reach: usize,
}

/// What became of one case, or one mutant.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// How long yosys and ABC took.
    pub time: Duration,
}

impl Case {
    /// How its memory becomes hardware.
    pub fn options(&self) -> CoreOptions {
        let options = self.shape.hardware();
        match self.on {
            On::Learning => CoreOptions { room: Some(Room::NONE), learns: true, auto_store: true, ..options },
            _ => options,
        }
    }

    /// What is on top of its design.
    pub fn top(&self) -> Top {
        match self.on {
            On::Core => Top::Core,
            On::Spi => {
                let (clock, pll, pins) = (SLOW_CLOCK, None::<pll::Settings>, Pins::default());
                Top::Board { clock, uart_divider: 8, pll, pins, link: Link::Spi }
            }
            On::Learning => {
                let (clock, pll, pins) = (SLOW_CLOCK, None::<pll::Settings>, Pins::default());
                Top::Board { clock, uart_divider: 8, pll, pins, link: Link::Framed { baud: SLOW_CLOCK / 8 } }
            }
            On::Axis => Top::Axis { clock: SLOW_CLOCK },
            On::Axil => Top::Axil { clock: SLOW_CLOCK, requests: false, streams: false },
            On::Wishbone { requests } => Top::Wishbone { clock: SLOW_CLOCK, requests, streams: false },
            On::Board(uart_divider) => {
                let (clock, pll, pins) = (uart_divider as u32 * 1_000_000, None::<pll::Settings>, Pins::default());
                Top::Board { clock, uart_divider, pll, pins, link: Link::Plain }
            }
        }
    }
}

impl Property {
    /// Proves it on a case.
    ///
    /// # Errors
    /// When a tool is missing or rejects the design.
    pub fn prove(&self, case: &Case) -> Result<Outcome> {
        self.run(case, None, &[], case.engine)
    }

    /// Looks for the situation that the property must be able to reach; it must be found (refuted).
    ///
    /// # Errors
    /// As [`Property::prove`].
    pub fn reach(&self, case: &Case) -> Result<Outcome> {
        self.run(case, None, &["CLAIMS", "REACHED"], self.shallow(case))
    }

    /// Looks for what a mutant breaks, on a case; it must be found (refuted). The claims alone must find it: what else is
    /// asserted to make them inductive (`links.vh`) is left out.
    ///
    /// # Errors
    /// As [`Property::prove`], and when the block does not contain what the mutant changes.
    pub fn refute(&self, case: &Case, mutant: &Mutant) -> Result<Outcome> {
        self.run(case, Some(mutant), &["CLAIMS"], self.shallow(case))
    }

    /// A proof to a depth has no deeper look at its mutants: that it is deep enough is what they test.
    fn shallow(&self, case: &Case) -> Engine {
        match case.engine {
            Engine::Cycles(n) => Engine::Cycles(n),
            Engine::Reachability | Engine::Merged => Engine::Cycles(self.reach),
        }
    }

    fn run(&self, case: &Case, mutant: Option<&Mutant>, more: &[&str], engine: Engine) -> Result<Outcome> {
        let start = Instant::now();
        let (memory, _) = case.shape.example();
        let plan = Plan::with(&memory, case.options())?;
        let top = case.top();
        let mut design = emit(&plan, top, "formal")?;
        for change in self.probes.iter().chain(mutant) {
            design.verilog = change.apply(&design.verilog, top.name())?;
        }
        let prefix = top.name();
        let alone = match self.place {
            Place::Alone(kind) => format!("{prefix}_{kind}"),
            _ => String::new(),
        };
        let mut files = design.files();
        let mut read = vec![design.file.clone()];
        let root = match self.place {
            Place::Around => {
                files.push(("property.sv".into(), self.text.into()));
                read.push("property.sv".into());
                "harness"
            }
            Place::Inside => prefix,
            Place::Alone(_) => alone.as_str(),
        };
        if self.place != Place::Around {
            let end = format!("endmodule // {root}\n");
            assert!(files[0].1.contains(&end), "a module {root}");
            files[0].1 = files[0].1.replacen(&end, &format!("{}{end}", self.text), 1);
        }
        files.push(("scan.vh".into(), include_str!("../properties/scan.vh").into()));
        files.push(("instances.vh".into(), instances(&design)?));
        files.push(("links.vh".into(), include_str!("../properties/links.vh").into()));
        let hidden = match self.place {
            Place::Alone(_) => hidden(&design.verilog, root, &below(&design.verilog, prefix, root)?)?,
            _ => registers(&design)?,
        };
        files.push(("hidden.vh".into(), hidden));
        let folder = atomic::scratch()?;
        for (name, text) in &files {
            let path = folder.path().join(name);
            std::fs::write(&path, text).map_err(|e| Error::io("write", &path, e))?;
        }
        let mut defines = defines(&design, case)?;
        defines.extend(case.defines.iter().chain(more).map(|d| (*d).to_owned()));
        // a block alone must do with whatever its registers hold; the core is reset, but not for as long as garbage may travel
        let any_start = self.place == Place::Around;
        let source =
            Source { folder: folder.path(), files: read, top: root, prefix, any_start, free: self.free, defines };
        circuit(&source, "circuit")?;
        let verdict = decide(folder.path(), "circuit", engine, LIMIT)?;
        Ok(Outcome { verdict, time: start.elapsed() })
    }
}

const LIMIT: Duration = Duration::from_secs(900);

impl Mutant {
    /// The Verilog with the change, in every module of the block's kind.
    ///
    /// # Errors
    /// When none contains the text: the mutant is out of date.
    pub fn apply(&self, verilog: &str, prefix: &str) -> Result<String> {
        // no kind: the top module itself
        let start = match self.block {
            "" => format!("module {prefix}"),
            kind => format!("module {prefix}_{kind}"),
        };
        let mut changed = false;
        let mut out = String::with_capacity(verilog.len());
        for module in verilog.split_inclusive("endmodule") {
            // only the kind itself, and its numbered variants
            let named = module.find(&start).is_some_and(|at| {
                let rest = module[at + start.len()..].split([' ', '(']).next().unwrap_or("");
                rest.is_empty() || rest.strip_prefix('_').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
            });
            if named && module.contains(self.from) {
                changed = true;
                out += &module.replacen(self.from, self.to, 1);
            } else {
                out += module;
            }
        }
        if !changed {
            let what = format!("the block {} does not contain `{}` ({})", self.block, self.from, self.what);
            return Err(Error::new(ErrorKind::Failed, what).hint("write the mutant anew: formal/src/catalogue.rs"));
        }
        Ok(out)
    }
}

/// The lanes' picks and the tree, wired as in the core (bank 0), for the property of the distance.
fn instances(design: &Design) -> Result<String> {
    let plan = &design.plan;
    if design.top != Top::Core || plan.valued() || plan.ranked() {
        return Ok(String::new());
    }
    let mut text = String::new();
    for l in 0..plan.lanes() {
        let pick = if plan.masks { "masked" } else { "pick" };
        let module = module_of(&design.verilog, &design.name, &format!("scan.{pick}${}", plan.parallel * l))?;
        let rest = if plan.masks { format!(".skip(skip[{}+:16])", LANE * l) } else { ".all(1'b0)".to_owned() };
        text += &format!(
            "wire [14:0] count{l};\n{module} pick{l}(.clock(clock), .row(row[{0}+:16]), .state(state[{0}+:16]), \
             .scans(scan), {rest}, .open(1'b1), .picked(), .count(count{l}));\n",
            LANE * l
        );
    }
    let leaves: String = (0..plan.lanes()).map(|l| format!(".leaf${l}(count{l}), ")).collect();
    Ok(text + &format!("{}_adder_tree tree(.clock(clock), {leaves}.sum$0(sum));\n", design.top.name()))
}

/// The registers of the blocks that a core has in any size, for the property of the streams.
fn registers(design: &Design) -> Result<String> {
    if design.top != Top::Core || design.plan.readout != Readout::Vote {
        return Ok(String::new());
    }
    let lane = if design.plan.wide() { "ram" } else { "lane" };
    let lanes = (0..design.plan.lanes()).map(|l| format!("state.{lane}${l}"));
    let blocks: Vec<String> = ["sequencer", "scan", "scan.filter", "vote$0.weights", "state"]
        .map(str::to_owned)
        .into_iter()
        .chain(lanes)
        .collect();
    hidden(&design.verilog, design.top.name(), &blocks)
}

/// What the properties need to know of a design.
fn defines(design: &Design, case: &Case) -> Result<Vec<String>> {
    let plan = &design.plan;
    let lanes = plan.lanes();
    let mut list = vec![
        format!("N={}", plan.neurons),
        format!("LANES={lanes}"),
        format!("CUE={}", plan.cue_words()),
        format!("WORDS={}", plan.words()),
        format!("READS={}", plan.groups() * plan.beats),
        format!("USED=16'd{}", (1 << plan.lane_neurons(lanes - 1)) - 1),
        format!("PADDED={}", LANE * lanes.next_power_of_two()),
        format!("LEVELS={}", cycles::tree(lanes)),
        format!("BANKS={}", plan.parallel),
        format!("REAL={}", plan.last_group()),
        format!("GROUPS={}", plan.groups()),
        format!("PATTERNS={}", plan.patterns),
        format!("ROOM={}", plan.capacity()),
        format!("PLANES={}", plan.planes),
        format!("SLOTS={}", plan.step_cycles(1) - plan.step_cycles(0)),
        format!("LATENCY={}", plan.latency()),
        format!("VOTE={}", plan.vote_latency()),
        format!("MAX_STEPS={}", if plan.readout == Readout::Nearest { 1 } else { plan.max_steps }),
        format!("REACH={}", plan.reach),
        format!("BITS={}", plan.accumulator_bits),
        format!("FLUSH={FLUSH}"),
        format!("POWER_UP={}", case.top().clock().map_or(0, power_up_cycles)),
        format!("NEAREST={}_nearest", design.top.name()),
        format!("RECEIVER={}_uart_receiver", design.top.name()),
        format!("RANKING={}_ranking", design.top.name()),
        format!("CLASSES={}", plan.outputs),
        format!("RANKS={}_ranks", design.top.name()),
        format!("INDEX={}", plan.index_bits()),
        format!("DISTANCE={}", plan.queue_bits() - plan.index_bits()),
        format!("SAID={}", plan.answer_words()),
        format!("PASS={}", plan.rank_cycles(0)),
        format!("CORES={}", plan.cores),
        format!("CUES={}", plan.cues),
        format!("TURN_IN={}", share::cue_words(plan)),
        format!("TURN_OUT={}", share::answer_words(plan)),
    ];
    if plan.reviews() && !plan.requeues() {
        list.push(format!("STOPS={}", plan.stop_cycles()));
    }
    if plan.requeues() {
        let [none, much] = [0, 1 << 20].map(|queued| plan.missed_cycles(queued));
        list.push(format!("REVIEW={}", plan.review_cycles(0)));
        list.push(format!("MISSED={}", none - (1 + plan.parallel)));
        list.push(format!("SEEN={}", much - none + 1 + plan.parallel));
    }
    if plan.wide() {
        list.push(format!("IN_BEATS={}", plan.stride()));
    }
    if design.top == Top::Core && plan.columns() > 0 {
        let last = plan.columns() - 1;
        list.push(format!("COLUMN={}", module_of(&design.verilog, &design.name, &format!("vote$0.column${last}"))?));
        list.push(format!("NEURONS={}", plan.column_neurons(last)));
    }
    let flags = [
        ("TWO", plan.parallel >= 2),
        ("FOUR", plan.parallel == 4),
        ("TWO_LANES", lanes == 2),
        ("THREE", lanes == 3),
        ("MASKED", plan.masks),
        ("GATED", plan.joined()),
        ("LEAN", plan.lean()),
        ("JOINED", plan.value_lanes() > 1),
        ("LATER", plan.reviews()),
        ("SHARED", plan.cues > 1),
        ("LISTS", plan.ranked()),
        ("THREE_CORES", plan.cores == 3),
        ("NORMALISED", plan.kernel_mode == KernelMode::Normalised),
    ];
    list.extend(flags.iter().filter(|f| f.1).map(|f| f.0.to_owned()));
    if let On::Board(divider) = case.on {
        let parts = 512 / divider;
        // parts of a cycle, as fine as makes 2 % of a bit a whole number of them or nearly
        let sub = parts.next_power_of_two().max(2);
        let bit = divider * sub;
        let off = bit / 50;
        list.push(format!("SUB={sub}"));
        list.push(format!("LEAST={}", bit - off));
        list.push(format!("MOST={}", bit + off));
        list.push(format!("TIME_BITS={}", usize::BITS - (bit + off + sub).leading_zeros()));
    }
    Ok(list)
}

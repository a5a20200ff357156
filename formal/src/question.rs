//! A question about an emitted design: the Verilog with the property in it, and what must be decided of that.

use crate::engine::{Engine, Source, Verdict, circuit, decide};
use crate::hidden::{below, hidden, module_of};
use crate::kept::hash;
use crate::property::{Case, Mutant, On, Place, Property};
use hopgate_files::atomic;
use hopgate_hdl::{
    Design, Plan, Readout, Top,
    blocks::{
        cores::share,
        edge::reset::{FLUSH, power_up_cycles},
    },
    cycles, emit,
    layout::LANE,
};
use hopgate_model::{Error, Result, kernel::KernelMode};
use std::time::{Duration, Instant};

/// How long an engine may look for an answer.
const LIMIT: Duration = Duration::from_secs(900);

/// What became of one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// How long yosys and ABC took.
    pub time: Duration,
}

/// All that an answer depends on, but for the tools.
#[derive(Debug)]
pub struct Question {
    /// Names and texts.
    files: Vec<(String, String)>,
    /// Those that yosys is told to read; the others are included.
    read: Vec<String>,
    root: String,
    prefix: &'static str,
    any_start: bool,
    free: &'static [&'static str],
    defines: Vec<String>,
    engine: Engine,
}

impl Question {
    /// Of a property, on a case, perhaps with a mutant, with `more` defines.
    pub(crate) fn new(
        property: &Property,
        case: &Case,
        mutant: Option<&Mutant>,
        more: &[&str],
        engine: Engine,
    ) -> Result<Question> {
        let (memory, _) = case.shape.example();
        let plan = Plan::with(&memory, case.options())?;
        let top = case.top();
        let mut design = emit(&plan, top, "formal")?;
        for change in property.probes.iter().chain(mutant) {
            design.verilog = change.apply(&design.verilog, top.name())?;
        }
        let prefix = top.name();
        let mut files = design.files();
        let mut read = vec![design.file.clone()];
        let root = match property.place {
            Place::Around => {
                files.push(("property.sv".into(), property.text.into()));
                read.push("property.sv".into());
                "harness".to_owned()
            }
            Place::Inside => prefix.to_owned(),
            Place::Alone(kind) => format!("{prefix}_{kind}"),
        };
        if property.place != Place::Around {
            let end = format!("endmodule // {root}\n");
            assert!(files[0].1.contains(&end), "a module {root}");
            files[0].1 = files[0].1.replacen(&end, &format!("{}{end}", property.text), 1);
        }
        let hidden = match property.place {
            Place::Alone(_) => hidden(&design.verilog, &root, &below(&design.verilog, prefix, &root)?)?,
            _ => registers(&design)?,
        };
        files.push(("scan.vh".into(), include_str!("../properties/scan.vh").into()));
        files.push(("instances.vh".into(), instances(&design)?));
        files.push(("links.vh".into(), include_str!("../properties/links.vh").into()));
        files.push(("hidden.vh".into(), hidden));
        let mut defines = defines(&design, case)?;
        defines.extend(case.defines.iter().chain(more).map(|d| (*d).to_owned()));
        // a block alone must do with whatever its registers hold; the core is reset, but not for as long as garbage may travel
        let any_start = property.place == Place::Around;
        Ok(Question { files, read, root, prefix, any_start, free: property.free, defines, engine })
    }

    /// A number that is another one where anything is that the answer depends on, but for the tools.
    pub fn mark(&self) -> u64 {
        hash(0, &format!("{self:?}"))
    }

    /// Has it decided.
    ///
    /// # Errors
    /// When a tool is missing or rejects the design.
    pub fn ask(&self) -> Result<Outcome> {
        let start = Instant::now();
        let folder = atomic::scratch()?;
        for (name, text) in &self.files {
            let path = folder.path().join(name);
            std::fs::write(&path, text).map_err(|e| Error::io("write", &path, e))?;
        }
        let source = Source {
            folder: folder.path(),
            files: self.read.clone(),
            top: &self.root,
            prefix: self.prefix,
            any_start: self.any_start,
            free: self.free,
            defines: self.defines.clone(),
        };
        circuit(&source, "circuit")?;
        let verdict = decide(folder.path(), "circuit", self.engine, LIMIT)?;
        Ok(Outcome { verdict, time: start.elapsed() })
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

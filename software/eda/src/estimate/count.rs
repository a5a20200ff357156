//! The contributions to what a core costs, and their sums.

use super::{CoreLink, CoreShape, Demand, Estimate, Part};
use crate::{
    board::Board,
    cost::{Coefficients, Fitted, Use, block_rams, ceil_log2, tail_cells, tree_bits},
    shape::LANE,
};
use hopgate_hdl::{Later, layout};
use hopgate_model::kind::Kind;

/// The memories of a framed link besides that of requests: what the board says of itself, and replies.
const LINK_RAMS: [(u64, u64); 2] = [(256, 16), (512, 8)];
/// That of the self-test, which a core that can be loaded has.
const TEST_RAM: (u64, u64) = (256, 16);
/// Words of what waits before a core, and behind it, where there are several: one block RAM.
const FIFO: (u64, u64) = (256, 16);
/// Logic cells of both, and of the core's part of what deals cues out, less the UART that all have together: from syntheses of 40 x 64 with two
/// and three cores.
const PER_CORE: u64 = 30;
/// Above this share of the logic cells, place and route gets slow and lucky.
const TIGHT: f64 = 0.9;

/// The contributions and their sums.
pub(super) fn count(shape: CoreShape, board: &Board) -> Estimate {
    let (c, family) = (Coefficients::of(board.family), board.family);
    let (n, lanes, across) = (shape.neurons, shape.lanes(), shape.across());
    let cells = |x: f64| x.round() as u64;
    let rank_cells = |m: Fitted, width: u64| {
        cells(c.per_rank_bit * (width * if m.ranks > 1 { m.ranks.div_ceil(2) } else { 0 }) as f64)
    };

    let CoreShape { parallel: banks, accumulator_bits: width, .. } = shape;
    let voting = u64::from(!shape.searches());
    let queued = u64::from(!shape.nearest);
    let cues = shape.cues;
    let groups = shape.groups();
    let rows = shape.rows();
    let room = if shape.link.loads() { banks * groups } else { shape.patterns };
    let store = |width: u64| block_rams(family, shape.using(), rows, width);
    let spram_lanes = shape.spram_lanes;
    // what is in block RAM
    let in_blocks = lanes - spram_lanes;
    let CoreShape { tail_lanes, tail_rows, .. } = shape;
    let last_width = across - (lanes - 1) * LANE;
    let full = store(LANE);
    let last = match shape.using() {
        Use::Rom => store(last_width).cells,
        // what is written is mapped as a whole; then what nothing reads goes, a block RAM at a time
        Use::Ram => full.ranks * (last_width * full.cells).div_ceil(LANE * full.ranks),
    };
    let behind = |width: u64| match rows - tail_rows {
        0 => 0,
        rows => block_rams(family, shape.using(), rows, width).cells,
    };
    // the last lane may be narrower
    let in_lane = |l: u64| match (l < tail_lanes, l + 1 < lanes) {
        (true, true) => behind(LANE),
        (true, false) => behind(last_width),
        (false, true) => full.cells,
        (false, false) => last,
    };
    let but = if tail_lanes > 0 { format!(", but {} in {tail_lanes}", behind(LANE)) } else { String::new() };
    let store_rams: u64 = (spram_lanes..lanes).map(in_lane).sum();
    // behind a deep row store there is a register, in the cells that choose between its ranks or between it and its tail
    let store_bits = if layout::has_rank(rows as usize, tail_lanes as usize) {
        if shape.wide() {
            (full.ranks.div_ceil(2) * in_blocks + spram_lanes) * LANE * banks
        } else {
            full.ranks.div_ceil(2) * across * banks
        }
    } else {
        0
    };
    let tail_bits = tail_lanes * LANE - if tail_lanes == lanes { LANE - last_width } else { 0 };
    let sprams = spram_lanes * layout::sprams_per_lane(banks as usize, rows as usize) as u64;
    let queue_bits = layout::queue_bits(
        (groups * shape.stride()) as usize,
        (n.max(across * shape.beats)) as usize + usize::from(shape.ranked),
    ) as u64;
    let (patterns, class_bits) = (shape.patterns, ceil_log2(shape.listed_classes));
    let class_rams = match shape.listed_classes {
        0 => 0,
        _ => block_rams(family, shape.using(), patterns, class_bits.max(1)).cells,
    };
    let queue = block_rams(family, Use::Ram, groups, queue_bits);
    let entries = shape.planes * shape.entries();
    let table = block_rams(family, shape.using(), entries, shape.kernel_bits);
    let threshold = match shape.threshold_bits {
        0 => Fitted { cells: 0, ranks: 1 },
        width => block_rams(family, shape.using(), entries, width),
    };
    let (value_lanes, value_rows) = (shape.value_lanes(), shape.planes * shape.value_rows());
    let columns = if shape.valued() { value_lanes } else { voting * lanes.div_ceil(shape.fold) };
    let accumulators: u64 = match shape.valued() {
        true => shape.outputs,
        // a column has as many as its first lane has neurons
        false => (0..columns).map(|c| LANE.min(across - c * shape.fold * LANE)).sum(),
    };
    let joined = if banks * shape.fold > 1 && !shape.valued() { accumulators } else { 0 };
    // in one step nothing asks whether a neuron changed
    let single = !shape.kinds.answers_keys() || shape.searches();
    let per_pick = if shape.valued() || shape.ranked && !shape.link.loads() { c.per_compare } else { c.per_pick };
    let per_neuron = if single { c.per_held } else { c.per_neuron };
    let value = |lane: u64| block_rams(family, shape.using(), value_rows, LANE.min(shape.outputs - lane * LANE));
    let value_rams: u64 = (0..value_lanes).map(|lane| value(lane).cells).sum();
    let value_ranks: u64 =
        (0..value_lanes).map(|lane| value(lane).ranks.div_ceil(2) * LANE.min(shape.outputs - lane * LANE)).sum();
    let value_ranks = if layout::has_rank(value_rows as usize, 0) { value_ranks } else { 0 };
    // words of the state that no neuron has, because an answer has more
    let more_state = match (shape.wide(), shape.valued()) {
        (true, true) => LANE * shape.state_words(),
        (true, false) => 0,
        _ => LANE * shape.state_words().saturating_sub(lanes),
    };
    let state_rams = if shape.wide() { lanes * block_rams(family, Use::Ram, shape.beats, LANE).cells } else { 0 };
    let rams =
        |all: &[(u64, u64)]| all.iter().map(|&(depth, width)| block_rams(family, Use::Ram, depth, width).cells).sum();
    let cue_words = shape.words() * (1 + u64::from(shape.masks));
    let buffer = layout::buffer_words(cue_words as usize, shape.beats as usize) as u64;
    let link_rams: u64 = rams(&LINK_RAMS) + rams(&[(buffer, 16)]);
    let test_rams: u64 = rams(&[TEST_RAM]);
    let framed = c.framed + c.per_framed_lane * lanes as f64;
    let census = if shape.link == CoreLink::AutoStoring { c.census } else { 0.0 };
    let learning = c.learning + if shape.kinds.contains(Kind::Class) { c.learning_classes + census } else { 0.0 };
    let more = |cells: f64, of: u64| if of > 1 { cells } else { 0.0 };
    // in place of copies of a control, a bank's of a lane, where those are not shared
    let copies = if shape.lean() || shape.valued() && !shape.link.loads() { 0 } else { lanes * banks };
    let counts = if single { 0.0 } else { c.partial };
    let mask = (lanes * LANE) as f64 + counts + if shape.wide() { lanes as f64 } else { -(copies as f64) };
    let mask_rams = if shape.masks { state_rams } else { 0 };
    let part = |name, detail: String, block_rams, logic_cells| Part { name, detail, block_rams, logic_cells };
    let parts = vec![
        part(
            "row store",
            match banks {
                1 => format!("{in_blocks} lanes of {rows} rows x {LANE} bits: {} each{but}", full.cells),
                _ => {
                    format!("{banks} banks of {in_blocks} lanes of {rows} rows x {LANE} bits: {} each{but}", full.cells)
                }
            },
            banks * store_rams,
            cells(c.per_rank_bit * store_bits as f64),
        ),
        part(
            "values",
            format!("{value_lanes} lanes of {value_rows} rows, {} outputs", shape.outputs),
            value_rams,
            cells(
                c.per_rank_bit * value_ranks as f64
                    + c.per_voter * if shape.valued() { accumulators as f64 } else { 0.0 },
            ),
        ),
        part(
            "rows in logic",
            format!("the last {tail_rows} rows of {tail_lanes} lanes, {banks} banks"),
            0,
            banks * cells(tail_cells(tail_rows, tail_bits)),
        ),
        part(
            "rows in SPRAM",
            format!("{spram_lanes} lanes of {rows} rows x {LANE} bits: {} SPRAMs, an address for both ports", sprams),
            0,
            if spram_lanes > 0 { spram_lanes * banks * ceil_log2(rows) } else { 0 },
        ),
        part(
            "queue",
            format!("{groups} words x {queue_bits} bits, {} of them", banks * cues),
            queued * banks * cues * queue.cells,
            queued * banks * cues * (cells(c.queue) + rank_cells(queue, queue_bits)),
        ),
        part(
            "kernel table",
            format!("{entries} entries x {} bits", shape.kernel_bits),
            voting * table.cells,
            voting * rank_cells(table, shape.kernel_bits),
        ),
        part(
            "threshold",
            format!("{entries} entries x {} bits", shape.threshold_bits),
            voting * threshold.cells,
            voting * rank_cells(threshold, shape.threshold_bits),
        ),
        part(
            "accumulators",
            match shape.valued() {
                true => format!("{accumulators} of {width} bits, for as many outputs"),
                false => format!("{accumulators} of {width} bits, for {n} neurons"),
            },
            0,
            cells(
                c.per_accumulator_bit * (accumulators * width.next_multiple_of(c.carry)) as f64
                    + c.per_accumulator * accumulators as f64
                    + c.per_joined * joined as f64
                    + if shape.lean() { 0.0 } else { (columns * (width + 1)) as f64 },
            ),
        ),
        part(
            "ranking",
            format!("{accumulators} classes, a running maximum of {width} bits"),
            0,
            match shape.kinds.contains(Kind::Class) {
                true => cells(
                    c.per_shown_bit * (accumulators * width) as f64
                        + c.per_rank_sum_bit * width as f64
                        + c.per_class_bit * ceil_log2(accumulators) as f64,
                ),
                false => 0,
            },
        ),
        part(
            "neurons",
            match (single, shape.wide()) {
                (_, true) => format!("state in RAM: {lanes} lanes of {} words", shape.beats),
                (true, _) => "state".into(),
                (false, _) => "state, compare".into(),
            },
            state_rams,
            cells(per_neuron * (across * cues + more_state) as f64),
        ),
        part(
            "distances",
            format!("row XOR state, popcount: {across} neurons x {}", banks * cues),
            0,
            cells(per_pick * (across * banks) as f64 + c.per_compare * (across * banks * (cues - 1)) as f64),
        ),
        part(
            "mask",
            if shape.masks {
                format!("{lanes} lanes of {LANE} bits")
            } else {
                "none: all bits of a cue are known".into()
            },
            mask_rams,
            if shape.masks { cells(c.masks + mask) } else { 0 },
        ),
        part(
            "beats",
            format!("{} a row: which one, the sum over them, where a row begins", shape.beats),
            0,
            match shape.wide() {
                true => cells(
                    c.beats
                        + c.per_beat_bit * ceil_log2(shape.beats) as f64
                        + c.per_sum_bit * (banks * ceil_log2(n + 1)) as f64
                        + c.per_place_bit * ceil_log2(rows) as f64,
                ),
                false => 0,
            },
        ),
        part(
            "adder tree",
            format!("{lanes} lanes to one, {} of them", banks * cues),
            0,
            cells(c.per_tree_bit * (banks * cues * tree_bits(lanes)) as f64),
        ),
        part(
            "vote",
            "weights, threshold, planes and slots in turn".into(),
            0,
            voting
                * cells(
                    c.vote
                        + c.per_vote_bit * width as f64
                        + more(c.planes, shape.planes)
                        + more(c.fold, shape.fold)
                        + if shape.lean() { c.lean } else { 0.0 },
                ),
        ),
        part(
            "list",
            format!("passes over the queue, {queue_bits} bits of an entry"),
            0,
            if shape.ranked { cells(c.list + c.per_list_bit * queue_bits as f64) } else { 0 },
        ),
        part(
            "classes",
            format!("{patterns} patterns, each of {} classes", shape.listed_classes),
            class_rams,
            if shape.listed_classes > 0 { cells(c.per_list_class_bit * class_bits as f64) } else { 0 },
        ),
        part(
            "later steps",
            format!("{}, {cues} cues a scan", shape.later),
            0,
            cells(c.per_cue * (cues - 1) as f64 + if shape.later == Later::Scan && cues == 1 { 0.0 } else { c.later }),
        ),
        part(
            "control",
            "addresses, minimum, phases, UART".into(),
            0,
            cells(c.control + if single { c.single } else { 0.0 } + c.per_index_bit * ceil_log2(room) as f64),
        ),
        match shape.link {
            CoreLink::Plain => part("link", "none: words".into(), 0, 0),
            CoreLink::Fixed => part("link", "frames".into(), link_rams, cells(framed)),
            CoreLink::Loadable => part(
                "link",
                "frames, another memory can be loaded, a self-test".into(),
                link_rams + test_rams,
                cells(framed + c.loadable + c.per_loadable_lane * lanes as f64 + c.self_test),
            ),
            CoreLink::Untested => part(
                "link",
                "frames, another memory can be loaded".into(),
                link_rams,
                cells(framed + c.loadable + c.per_loadable_lane * lanes as f64),
            ),
            CoreLink::Learning | CoreLink::AutoStoring => part(
                "link",
                "frames, another memory can be loaded, patterns stored and forgotten".into(),
                link_rams,
                cells(framed + c.loadable + c.per_loadable_lane * lanes as f64 + learning),
            ),
        },
    ];
    let parts = side_by_side(parts, shape.cores, rams(&[FIFO]));
    let parts: Vec<_> = parts.into_iter().filter(|p| p.block_rams + p.logic_cells > 0).collect();
    let need = |f: fn(&Part) -> u64| parts.iter().map(f).sum();
    let have = board.resources;
    let block_rams = Demand { resource: "block RAMs", need: need(|p| p.block_rams), have: have.block_rams.into() };
    let logic_cells = Demand { resource: "logic cells", need: need(|p| p.logic_cells), have: have.logic_cells.into() };
    let sprams = Demand { resource: "SPRAMs", need: sprams, have: have.sprams.into() };
    let fits = block_rams.fits() && sprams.fits() && logic_cells.fits();
    let tight = fits && logic_cells.share() > TIGHT;
    Estimate {
        shape,
        board: board.name.clone(),
        parts,
        block_rams,
        sprams,
        logic_cells,
        fits,
        tight,
        instead: Vec::new(),
        nearest: None,
    }
}

/// The parts of so many cores, from those of one; and what joins them, with two memories of `fifo_rams` block RAMs for each.
fn side_by_side(parts: Vec<Part>, cores: u64, fifo_rams: u64) -> Vec<Part> {
    if cores == 1 {
        return parts;
    }
    let joined = Part {
        name: "cores",
        detail: format!("{cores} side by side: all of the above {cores} times, and what joins them"),
        block_rams: 2 * cores * fifo_rams,
        logic_cells: PER_CORE * cores,
    };
    let times =
        |part: Part| Part { block_rams: cores * part.block_rams, logic_cells: cores * part.logic_cells, ..part };
    parts.into_iter().map(times).chain([joined]).collect()
}

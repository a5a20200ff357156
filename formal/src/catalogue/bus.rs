//! What stands between a bus and the core: the wrappers, and the registers behind two of them.

use super::*;

pub(super) const WISHBONE: Property = Property {
    name: "wishbone",
    claim: "a bus cycle accesses a register with its acknowledge, and only so",
    text: include_str!("../../properties/wishbone.vh"),
    place: Place::Inside,
    free: &["=port"],
    probes: &[],
    cases: &[Case { name: "one lane", on: WITHOUT, engine: Engine::Merged, quick: true, ..CASE }],
    mutants: &[
        mutant("a stale acknowledge", "", "wb_ack_o = carried;", "wb_ack_o = acknowledge$q;"),
        mutant(
            "an effect before the acknowledge",
            "",
            "carried = (request & acknowledge$q)",
            "carried = (request & asked$q)",
        ),
        mutant("an effect during reset", "", "acknowledge$q) & ~wb_rst_i;", "acknowledge$q);"),
        mutant("a stall that ends too early", "", "wb_stall_o = wb_cyc_i & ~carried;", "wb_stall_o = 1'b0;"),
        mutant("half a word", "", "wb_sel_i[0] & wb_sel_i[1]", "wb_sel_i[0]"),
    ],
    reach: 40,
};

pub(super) const AXIL: Property = Property {
    name: "axil",
    claim: "every write and every read accesses its register once, by the rules of AXI",
    text: include_str!("../../properties/axil.vh"),
    place: Place::Inside,
    free: &["=port"],
    probes: &[],
    cases: &[Case { name: "one lane", on: On::Axil, engine: Engine::Merged, quick: true, ..CASE }],
    mutants: &[
        mutant(
            "an address that is overwritten",
            "",
            "s_axil_awready = aresetn & ~aw_held$q;",
            "s_axil_awready = aresetn;",
        ),
        mutant("a response that is overwritten", "", "can_read = ar_held$q & ~r_held$q;", "can_read = ar_held$q;"),
        mutant("a write without its data", "", "can_write = (aw_held$q & w_held$q)", "can_write = aw_held$q"),
        mutant("a response during reset", "", "s_axil_bvalid = b_held$q & aresetn;", "s_axil_bvalid = b_held$q;"),
        mutant("an access that is not looked at", "", "acting$d = looking$q;", "acting$d = looking$q | acting$q;"),
        mutant("a write that is taken for a read", "", "writing$d = can_write;", "writing$d = 1'b0;"),
        mutant("half a word", "", "s_axil_wstrb[0] & s_axil_wstrb[1]", "s_axil_wstrb[0]"),
    ],
    reach: 40,
};

pub(super) const REGISTERS: Property = Property {
    name: "registers",
    claim: "one word is taken for each read of an answer or a reply, and one given for each write; mistakes and events stay until cleared",
    text: include_str!("../../properties/registers.vh"),
    place: Place::Alone("registers"),
    free: &[],
    probes: &[],
    cases: &[
        Case {
            name: "with requests",
            on: On::Wishbone { requests: true },
            engine: Engine::Merged,
            defines: &["REQUESTS"],
            ..CASE
        },
        Case {
            name: "three lanes",
            shape: Shape { neurons: 47, ..SMALL },
            on: WITHOUT,
            engine: Engine::Merged,
            quick: true,
            ..CASE
        },
        Case { name: "classes", shape: classes(3), on: On::Axil, engine: Engine::Merged, ..CASE },
    ],
    mutants: &[
        mutant("a word that is read twice", "registers", "full$d = 1'b0;", "full$d = full$q;"),
        mutant("a word that nobody read", "registers", "offered$d = full$q;", "offered$d = 1'b1;"),
        mutant("a mistake that is not told", "registers", "mistake$d = 1'b1;", "mistake$d = mistake$q;"),
        mutant("a word of a request for a recall", "registers", "mine = recalling$0$q;", "mine = 1'b1;"),
        mutant("a recall within a request", "registers", "(free$0 | |given$0$q)", "1'b1"),
        mutant("a reply that is read twice", "registers", "& reply_offered$0$q", "& 1'b1"),
        mutant("an event that is lost", "registers", "(flags & events) & (before$q ^ ones)", "16'b0"),
    ],
    reach: 40,
};

pub(super) const PORT: Property = Property {
    name: "port",
    claim: "a reset of a bus counts at once, and lasts until the pipelines are empty",
    text: include_str!("../../properties/port.vh"),
    place: Place::Alone("port"),
    free: &["=core", "=registers"],
    probes: &[],
    cases: &[Case { name: "one lane", on: WITHOUT, engine: Engine::Merged, quick: true, ..CASE }],
    mutants: &[
        mutant("a reset a cycle late", "bus_reset", "reset = bus | ", "reset = "),
        mutant("pipelines that are not waited for", "bus_reset", "flushed$restart = bus;", "flushed$restart = never;"),
        mutant("a timer that does not stop", "timer", "if (~count$q[top])", "if (1'b1)"),
    ],
    reach: 150,
};

/// Wishbone without requests.
const WITHOUT: On = On::Wishbone { requests: false };

pub(super) const INBOX: Property = Property {
    name: "inbox",
    claim: "a source that waits for room loses no word, and none but a request that is longer than the buffer is refused for its length",
    text: include_str!("../../properties/inbox.vh"),
    place: Place::Alone("inbox"),
    free: &["ram_"],
    probes: &[mutant("fewer places", "inbox", "place_mask = 12'hff;", "place_mask = 12'h7;")],
    cases: &[Case { name: "one lane", shape: SMALL, on: On::Requests, engine: Engine::Induction, quick: true, ..CASE }],
    mutants: &[
        mutant("room where there is none", "inbox", "room_there$0 = (|(((place", "room_there$0 = (1'b1 | |(((place"),
        mutant("no room for what is too long", "inbox", " | (place == first$q))", ")"),
        mutant("a word beside an entry", "inbox", " & ~committing$q;", ";"),
        mutant(
            "a request whose last word is not counted",
            "inbox",
            "count$d = (count$q + one_word) & count_mask;",
            "if (~last) count$d = (count$q + one_word) & count_mask;",
        ),
        mutant("what is too long stays", "inbox", "too_long$d = 1'b0;", "too_long$d = too_long$q;"),
        mutant(
            "an entry in the place of a word",
            "inbox",
            "ring$write_address$v = {8'b0, first$q};",
            "ring$write_address$v = {8'b0, next$q};",
        ),
    ],
    reach: 60,
};

pub(super) const AXIS: Property = Property {
    name: "axis",
    claim: "every packet is a cue, and a reset counts at once",
    text: include_str!("../../properties/axis.vh"),
    place: Place::Inside,
    free: &["=core"],
    probes: &[],
    cases: &[
        Case {
            name: "three lanes",
            shape: Shape { neurons: 47, ..SMALL },
            on: On::Axis,
            engine: Engine::Merged,
            quick: true,
            ..CASE
        },
        Case {
            name: "two lanes and a mask",
            shape: Shape { neurons: 20, masks: true, ..SMALL },
            on: On::Axis,
            engine: Engine::Merged,
            ..CASE
        },
    ],
    mutants: &[
        mutant("an offer during reset", "packets", "m_valid = out_valid & ~reset;", "m_valid = out_valid;"),
        mutant("a word taken during reset", "packets", "s_ready = ~reset & ", "s_ready = "),
        mutant("a reset a cycle late", "bus_reset", "reset = bus | ", "reset = "),
        mutant("a packet that is not dropped", "packets", "dropping$d = ~padding$q & ~s_last;", "dropping$d = 1'b0;"),
        mutant("tlast a word early", "packets", "sent$q == last_info", "sent$q == (last_info - one)"),
    ],
    reach: 150,
};

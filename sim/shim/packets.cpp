
// Packets of a wrapper with AXI4-Stream ports, in and out, both held back at random: appended to its bench.

namespace {

// xorshift64
struct Coin {
    uint64_t random;

    explicit Coin(uint64_t seed) : random(seed | 1) {}

    bool toss() {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        return random >> 32 & 1;
    }
};

}  // namespace

extern "C" {

// Offers `count` words with their tlast (`last`, a byte each) and collects words until `expected` have come, with
// their tlast in `answer_last`. A `seed` other than 0 holds both sides back at random. A word is offered as long as it is
// not taken, as AXI demands; that the wrapper does the same is checked. Returns the words that came within a few cycles
// more, at most `room` of them stored; -1 if a word that was offered changed or was withdrawn before it was taken; -2
// if not everything came and went within `limit` cycles.
int hopgate_stream(void* handle, const uint16_t* words, const uint8_t* last, int count, uint64_t seed, uint64_t limit,
                   uint16_t* answer, uint8_t* answer_last, int room, int expected) {
    Bench& bench = *static_cast<Bench*>(handle);
    auto& axis = bench.slave;
    Coin coin(seed);
    int given = 0, got = 0, after = 16;
    bool offering = false, held = false;
    uint16_t held_data = 0;
    uint8_t held_last = 0;
    const uint64_t end = bench.cycles + limit;
    int done = 0;
    while (!done && (given < count || got < expected || after-- > 0)) {
        if (bench.cycles >= end) done = -2;
        // the offer stands until it is taken
        offering = offering || (given < count && (seed == 0 || coin.toss()));
        axis.s_axis_tvalid = offering;
        axis.s_axis_tdata = offering ? words[given] : 0xdead;
        axis.s_axis_tlast = offering ? last[given] : 1;
        axis.m_axis_tready = seed == 0 || coin.toss();
        bench.settle();
        if (held && (!axis.m_axis_tvalid || axis.m_axis_tdata != held_data || axis.m_axis_tlast != held_last)) done = -1;
        held = axis.m_axis_tvalid && !axis.m_axis_tready;
        held_data = axis.m_axis_tdata;
        held_last = axis.m_axis_tlast;
        if (axis.m_axis_tvalid && axis.m_axis_tready) {
            if (got < room) {
                answer[got] = axis.m_axis_tdata;
                answer_last[got] = axis.m_axis_tlast;
            }
            got++;
        }
        const bool taken = offering && axis.s_axis_tready;
        bench.edge();
        if (taken) {
            given++;
            offering = false;
        }
    }
    // nothing is offered or taken while registers are accessed
    axis.s_axis_tvalid = axis.m_axis_tready = 0;
    return done ? done : got;
}

}  // extern "C"

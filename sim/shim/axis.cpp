// The bench of the AXI4-Stream wrapper: packets in, packets out, both held back at random.
#include "Vhopgate_axis.h"
#include "verilated.h"
#include "waveform.h"

#include <cstdint>

namespace {

struct Bench {
    VerilatedContext context;
    Vhopgate_axis axis;
    uint64_t cycles = 0;
    Waveform waveform;
    uint64_t random = 1;

    Bench() : axis(&context) {}

    void settle() {
        axis.aclk = 0;
        axis.eval();
        waveform.dump(cycles * 10);
    }
    void edge() {
        axis.aclk = 1;
        axis.eval();
        waveform.dump(cycles * 10 + 5);
        cycles++;
    }
    // xorshift64
    bool toss() {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        return random >> 32 & 1;
    }
};

}  // namespace

extern "C" {

// A bench whose reset was just released; `waveform` is the path of one to write, or null.
void* hopgate_open(const char* waveform) {
    Bench* bench = new Bench;
    bench->waveform.open(bench->context, bench->axis, waveform);
    bench->axis.aresetn = 0;
    for (int i = 0; i < 4; i++) {
        bench->settle();
        bench->edge();
    }
    bench->axis.aresetn = 1;
    return bench;
}

void hopgate_close(void* handle) {
    Bench* bench = static_cast<Bench*>(handle);
    bench->waveform.close();
    bench->axis.final();
    delete bench;
}

// Offers `count` words with their tlast (`last`, a byte each) and collects words until `expected` have come, with
// their tlast in `answer_last`. A `seed` other than 0 holds both sides back at random. A word is offered as long as it is
// not taken, as AXI demands; that the wrapper does the same is checked. Returns the words that came within a few cycles
// more, at most `room` of them stored; -1 if a word that was offered changed or was withdrawn before it was taken; -2
// if not everything came and went within `limit` cycles.
int hopgate_stream(void* handle, const uint16_t* words, const uint8_t* last, int count, uint64_t seed, uint64_t limit,
                   uint16_t* answer, uint8_t* answer_last, int room, int expected) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_axis& axis = bench.axis;
    bench.random = seed | 1;
    int given = 0, got = 0, after = 16;
    bool offering = false, held = false;
    uint16_t held_data = 0;
    uint8_t held_last = 0;
    const uint64_t end = bench.cycles + limit;
    while (given < count || got < expected || after-- > 0) {
        if (bench.cycles >= end) return -2;
        // the offer stands until it is taken
        offering = offering || (given < count && (seed == 0 || bench.toss()));
        axis.s_axis_tvalid = offering;
        axis.s_axis_tdata = offering ? words[given] : 0xdead;
        axis.s_axis_tlast = offering ? last[given] : 1;
        axis.m_axis_tready = seed == 0 || bench.toss();
        bench.settle();
        if (held && (!axis.m_axis_tvalid || axis.m_axis_tdata != held_data || axis.m_axis_tlast != held_last)) return -1;
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
    return got;
}

// Offers `count` words with their tlast as fast as they are taken, takes `take` words of the answer and then no more, and
// stops after `after` cycles, wherever everything is then.
void hopgate_begin(void* handle, const uint16_t* words, const uint8_t* last, int count, int take, uint64_t after) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_axis& axis = bench.axis;
    int given = 0, got = 0;
    for (uint64_t i = 0; i < after; i++) {
        axis.s_axis_tvalid = given < count;
        axis.s_axis_tdata = given < count ? words[given] : 0xdead;
        axis.s_axis_tlast = given < count ? last[given] : 1;
        axis.m_axis_tready = got < take;
        bench.settle();
        given += axis.s_axis_tvalid && axis.s_axis_tready;
        got += axis.m_axis_tvalid && axis.m_axis_tready;
        bench.edge();
    }
}

// Holds reset for this many cycles, in which both sides do as if there were none. Returns 0, or -1 if a word was offered or
// taken in one of them.
int hopgate_reset(void* handle, uint64_t cycles) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_axis& axis = bench.axis;
    axis.aresetn = 0;
    axis.s_axis_tvalid = axis.s_axis_tlast = axis.m_axis_tready = 1;
    axis.s_axis_tdata = 0xdead;
    int done = 0;
    for (uint64_t i = 0; i < cycles; i++) {
        bench.settle();
        if (axis.m_axis_tvalid || axis.s_axis_tready) done = -1;
        bench.edge();
    }
    axis.aresetn = 1;
    axis.s_axis_tvalid = 0;
    return done;
}

// The cycles until the wrapper is ready for a word, at most `limit`.
uint64_t hopgate_until_ready(void* handle, uint64_t limit) {
    Bench& bench = *static_cast<Bench*>(handle);
    bench.axis.s_axis_tvalid = 0;
    for (uint64_t i = 0; i < limit; i++) {
        bench.settle();
        if (bench.axis.s_axis_tready) return i;
        bench.edge();
    }
    return limit;
}

uint64_t hopgate_cycles(void* handle) { return static_cast<Bench*>(handle)->cycles; }

}  // extern "C"

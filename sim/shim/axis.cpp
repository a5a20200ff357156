// The bench of the AXI4-Stream wrapper: packets in, packets out, both held back at random.
#include "Vhopgate_axis.h"
#include "verilated.h"
#include "waveform.h"

#include <cstdint>

namespace {

struct Bench {
    VerilatedContext context;
    Vhopgate_axis slave;
    uint64_t cycles = 0;
    Waveform waveform;

    Bench() : slave(&context) {}

    void settle() {
        slave.aclk = 0;
        slave.eval();
        waveform.dump(cycles * 10);
    }
    void edge() {
        slave.aclk = 1;
        slave.eval();
        waveform.dump(cycles * 10 + 5);
        cycles++;
    }
};

}  // namespace

extern "C" {

// A bench whose reset was just released; `waveform` is the path of one to write, or null.
void* hopgate_open(const char* waveform) {
    Bench* bench = new Bench;
    bench->waveform.open(bench->context, bench->slave, waveform);
    bench->slave.aresetn = 0;
    for (int i = 0; i < 4; i++) {
        bench->settle();
        bench->edge();
    }
    bench->slave.aresetn = 1;
    return bench;
}

void hopgate_close(void* handle) {
    Bench* bench = static_cast<Bench*>(handle);
    bench->waveform.close();
    bench->slave.final();
    delete bench;
}

// Offers `count` words with their tlast as fast as they are taken, takes `take` words of the answer and then no more, and
// stops after `after` cycles, wherever everything is then. Returns the words that were taken.
int hopgate_begin(void* handle, const uint16_t* words, const uint8_t* last, int count, int take, uint64_t after) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_axis& axis = bench.slave;
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
    return given;
}

// Holds reset for this many cycles, in which both sides do as if there were none. Returns 0, or -1 if a word was offered or
// taken in one of them.
int hopgate_reset(void* handle, uint64_t cycles) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_axis& axis = bench.slave;
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
    bench.slave.s_axis_tvalid = 0;
    for (uint64_t i = 0; i < limit; i++) {
        bench.settle();
        if (bench.slave.s_axis_tready) return i;
        bench.edge();
    }
    return limit;
}

// A clock cycle: `in` has what is at the inputs, and `out` gets what was at the outputs before its edge. See `bench/wires.rs`.
void hopgate_cycle(void* handle, const uint32_t* in, uint32_t* out) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_axis& axis = bench.slave;
    axis.aresetn = !in[0];
    axis.s_axis_tvalid = in[10];
    axis.s_axis_tdata = in[11];
    axis.s_axis_tlast = in[12];
    axis.m_axis_tready = in[13];
    bench.settle();
    const uint32_t stream[] = {axis.s_axis_tready, axis.m_axis_tvalid, axis.m_axis_tdata, axis.m_axis_tlast};
    for (int i = 0; i < 4; i++) out[9 + i] = stream[i];
    bench.edge();
}

uint64_t hopgate_cycles(void* handle) { return static_cast<Bench*>(handle)->cycles; }

}  // extern "C"

// The bench of the Wishbone wrapper: single classic cycles of the bus.
#include "Vhopgate_wishbone.h"
#include "verilated.h"
#include "waveform.h"
#include "design.h"

#include <cstdint>

namespace {

struct Bench {
    VerilatedContext context;
    Vhopgate_wishbone slave;
    uint64_t cycles = 0;
    Waveform waveform;

    Bench() : slave(&context) { slave.wb_sel_i = 0xf; }

    void settle() {
        slave.wb_clk_i = 0;
        slave.eval();
        waveform.dump(cycles * 10);
    }
    void edge() {
        slave.wb_clk_i = 1;
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
    bench->slave.wb_rst_i = 1;
    for (int i = 0; i < 4; i++) {
        bench->settle();
        bench->edge();
    }
    bench->slave.wb_rst_i = 0;
    return bench;
}

void hopgate_close(void* handle) {
    Bench* bench = static_cast<Bench*>(handle);
    bench->waveform.close();
    bench->slave.final();
    delete bench;
}

// One cycle of the bus, then `idle` clock cycles in which the bus is busy with another slave (the strobe is low, the
// rest is not). Returns 0, or -1 if an acknowledge came where there must be none, or -2 if it did not come in time.
int hopgate_transfer(void* handle, int write, int address, uint32_t data, int idle, uint32_t* read) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_wishbone& slave = bench.slave;
    slave.wb_cyc_i = 1;
    slave.wb_stb_i = 1;
    slave.wb_we_i = write;
    slave.wb_adr_i = address;
    slave.wb_dat_i = data;
    for (int i = 0; i < 2; i++) {
        bench.settle();
        if (slave.wb_ack_o || !slave.wb_stall_o) return -1;
        bench.edge();
    }
    bench.settle();
    if (!slave.wb_ack_o || slave.wb_stall_o) return -2;
    *read = slave.wb_dat_o;
    bench.edge();
    slave.wb_stb_i = 0;
    for (int i = 0; i < idle; i++) {
        bench.settle();
        if (slave.wb_ack_o) return -1;
        bench.edge();
    }
    slave.wb_cyc_i = 0;
    return 0;
}

// Begins a cycle of the bus and gives it up after `clocks` clock cycles, 1 or 2, before it can be acknowledged; then the bus is idle for one.
// Returns 0, or -1 if an acknowledge came.
int hopgate_abandon(void* handle, int write, int address, uint32_t data, int clocks) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_wishbone& slave = bench.slave;
    slave.wb_we_i = write;
    slave.wb_adr_i = address;
    slave.wb_dat_i = data;
    int done = 0;
    for (int i = 0; i < clocks + 1; i++) {
        slave.wb_cyc_i = slave.wb_stb_i = i < clocks;
        bench.settle();
        if (slave.wb_ack_o) done = -1;
        bench.edge();
    }
    return done;
}

// Begins a cycle of the bus, and after `clocks` clock cycles, before it is acknowledged, holds reset for `cycles`, in which the
// cycle goes on. Returns 0, or -1 if an acknowledge came.
int hopgate_reset(void* handle, int write, int address, int clocks, uint64_t cycles) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_wishbone& slave = bench.slave;
    slave.wb_we_i = write;
    slave.wb_adr_i = address;
    slave.wb_dat_i = 0xdead;
    slave.wb_cyc_i = slave.wb_stb_i = 1;
    int done = 0;
    for (uint64_t i = 0; i < clocks + cycles; i++) {
        slave.wb_rst_i = i >= static_cast<uint64_t>(clocks);
        bench.settle();
        if (slave.wb_ack_o) done = -1;
        bench.edge();
    }
    slave.wb_rst_i = slave.wb_cyc_i = slave.wb_stb_i = 0;
    return done;
}

// The bytes that writes are of, from here on.
void hopgate_select(void* handle, int bytes) { static_cast<Bench*>(handle)->slave.wb_sel_i = bytes; }

int hopgate_interrupt(void* handle) {
    Bench& bench = *static_cast<Bench*>(handle);
    bench.settle();
    return bench.slave.irq_o;
}

// A clock cycle: `in` has what is at the inputs, and `out` gets what was at the outputs before its edge. See `bench/wires.rs`.
void hopgate_cycle(void* handle, const uint32_t* in, uint32_t* out) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_wishbone& slave = bench.slave;
    slave.wb_rst_i = in[0];
    slave.wb_cyc_i = in[1];
    slave.wb_stb_i = in[2];
    slave.wb_we_i = in[3];
    slave.wb_adr_i = in[4];
    slave.wb_dat_i = in[5];
    slave.wb_sel_i = in[6];
#if HOPGATE_STREAMS
    slave.s_axis_tvalid = in[10];
    slave.s_axis_tdata = in[11];
    slave.s_axis_tlast = in[12];
    slave.m_axis_tready = in[13];
#endif
    bench.settle();
    out[0] = slave.wb_ack_o;
    out[1] = slave.wb_stall_o;
    out[2] = slave.wb_dat_o;
    out[8] = slave.irq_o;
#if HOPGATE_STREAMS
    const uint32_t stream[] = {slave.s_axis_tready, slave.m_axis_tvalid, slave.m_axis_tdata, slave.m_axis_tlast};
    for (int i = 0; i < 4; i++) out[9 + i] = stream[i];
#endif
    bench.edge();
}

uint64_t hopgate_cycles(void* handle) { return static_cast<Bench*>(handle)->cycles; }

}  // extern "C"

// The bench of the Wishbone wrapper: single classic cycles of the bus.
#include "Vhopgate_wishbone.h"
#include "verilated.h"

#include <cstdint>

namespace {

struct Bench {
    VerilatedContext context;
    Vhopgate_wishbone slave;
    uint64_t cycles = 0;

    Bench() : slave(&context) {}

    void settle() {
        slave.wb_clk_i = 0;
        slave.eval();
    }
    void edge() {
        slave.wb_clk_i = 1;
        slave.eval();
        cycles++;
    }
};

}  // namespace

extern "C" {

// A bench whose reset was just released.
void* hopgate_open(const char*) {
    Bench* bench = new Bench;
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
        if (slave.wb_ack_o) return -1;
        bench.edge();
    }
    bench.settle();
    if (!slave.wb_ack_o) return -2;
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

uint64_t hopgate_cycles(void* handle) { return static_cast<Bench*>(handle)->cycles; }

}  // extern "C"

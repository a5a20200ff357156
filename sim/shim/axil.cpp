// The bench of the AXI4-Lite wrapper: one register after the other.
#include "Vhopgate_axil.h"
#include "verilated.h"
#include "waveform.h"
#include "design.h"

#include <cstdint>

namespace {

struct Bench {
    VerilatedContext context;
    Vhopgate_axil slave;
    uint64_t cycles = 0;
    Waveform waveform;

    Bench() : slave(&context) { slave.s_axil_wstrb = 0xf; }

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

// One write or read. `idle` says which of address and data comes first (0: both at once, 1: the address, 2: the data), and how many
// cycles the master keeps the response waiting. Returns 0, or -1 if a response came where there must be none, or changed before it was
// taken, or -2 if it did not come in time.
int hopgate_transfer(void* handle, int write, int address, uint32_t data, int idle, uint32_t* read) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_axil& slave = bench.slave;
    const int address_at = write && idle % 3 == 2 ? 3 : 0, data_at = write && idle % 3 == 1 ? 3 : 0;
    bool address_done = false, data_done = !write;
    slave.s_axil_awaddr = slave.s_axil_araddr = static_cast<uint8_t>(4 * address);
    slave.s_axil_wdata = data;
    slave.s_axil_bready = slave.s_axil_rready = 0;
    for (int i = 0; i < 40; i++) {
        slave.s_axil_awvalid = write && i >= address_at && !address_done;
        slave.s_axil_wvalid = write && i >= data_at && !data_done;
        slave.s_axil_arvalid = !write && !address_done;
        bench.settle();
        const bool responds = write ? slave.s_axil_bvalid : slave.s_axil_rvalid;
        if (responds && !(address_done && data_done)) return -1;
        if (write ? slave.s_axil_rvalid : slave.s_axil_bvalid) return -1;
        if (responds) {
            *read = write ? 0 : slave.s_axil_rdata;
            for (int wait = 0; wait < idle; wait++) {
                bench.edge();
                bench.settle();
                if (!(write ? slave.s_axil_bvalid : slave.s_axil_rvalid)) return -1;
                if (!write && slave.s_axil_rdata != *read) return -1;
            }
            if (slave.s_axil_bresp || slave.s_axil_rresp) return -1;
            (write ? slave.s_axil_bready : slave.s_axil_rready) = 1;
            bench.settle();
            bench.edge();
            slave.s_axil_bready = slave.s_axil_rready = 0;
            bench.settle();
            return slave.s_axil_bvalid || slave.s_axil_rvalid ? -1 : 0;
        }
        address_done = address_done || (slave.s_axil_awvalid && slave.s_axil_awready) || (slave.s_axil_arvalid && slave.s_axil_arready);
        data_done = data_done || (slave.s_axil_wvalid && slave.s_axil_wready);
        bench.edge();
    }
    return -2;
}

// Begins a write or read, and after `clocks` clock cycles holds reset for `cycles`. Returns 0, or -1 if a response was there in reset, or
// something was taken.
int hopgate_reset(void* handle, int write, int address, int clocks, uint64_t cycles) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_axil& slave = bench.slave;
    slave.s_axil_awaddr = slave.s_axil_araddr = static_cast<uint8_t>(4 * address);
    slave.s_axil_wdata = 0xdead;
    slave.s_axil_bready = slave.s_axil_rready = 0;
    int done = 0;
    bool given = false;
    for (uint64_t i = 0; i < clocks + cycles; i++) {
        const bool reset = i >= static_cast<uint64_t>(clocks);
        slave.aresetn = !reset;
        slave.s_axil_awvalid = slave.s_axil_wvalid = !given && !reset && write;
        slave.s_axil_arvalid = !given && !reset && !write;
        bench.settle();
        if (reset && (slave.s_axil_bvalid || slave.s_axil_rvalid || slave.s_axil_awready || slave.s_axil_wready || slave.s_axil_arready)) done = -1;
        given = true;
        bench.edge();
    }
    slave.aresetn = 1;
    slave.s_axil_awvalid = slave.s_axil_wvalid = slave.s_axil_arvalid = 0;
    return done;
}

// The bytes that writes are of, from here on.
void hopgate_select(void* handle, int bytes) { static_cast<Bench*>(handle)->slave.s_axil_wstrb = bytes; }

int hopgate_interrupt(void* handle) {
    Bench& bench = *static_cast<Bench*>(handle);
    bench.settle();
    return bench.slave.irq;
}

// A clock cycle: `in` has what is at the inputs, and `out` gets what was at the outputs before its edge. See `bench/wires.rs`.
void hopgate_cycle(void* handle, const uint32_t* in, uint32_t* out) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_axil& slave = bench.slave;
    slave.aresetn = !in[0];
    slave.s_axil_awvalid = in[1];
    slave.s_axil_awaddr = in[2];
    slave.s_axil_wvalid = in[3];
    slave.s_axil_wdata = in[4];
    slave.s_axil_wstrb = in[5];
    slave.s_axil_bready = in[6];
    slave.s_axil_arvalid = in[7];
    slave.s_axil_araddr = in[8];
    slave.s_axil_rready = in[9];
#if HOPGATE_STREAMS
    slave.s_axis_tvalid = in[10];
    slave.s_axis_tdata = in[11];
    slave.s_axis_tlast = in[12];
    slave.m_axis_tready = in[13];
#endif
    bench.settle();
    const uint32_t bus[] = {slave.s_axil_awready, slave.s_axil_wready, slave.s_axil_bvalid, slave.s_axil_bresp, slave.s_axil_arready,
                            slave.s_axil_rvalid, slave.s_axil_rdata, slave.s_axil_rresp, slave.irq};
    for (int i = 0; i < 9; i++) out[i] = bus[i];
#if HOPGATE_STREAMS
    const uint32_t stream[] = {slave.s_axis_tready, slave.m_axis_tvalid, slave.m_axis_tdata, slave.m_axis_tlast};
    for (int i = 0; i < 4; i++) out[9 + i] = stream[i];
#endif
    bench.edge();
}

uint64_t hopgate_cycles(void* handle) { return static_cast<Bench*>(handle)->cycles; }

}  // extern "C"

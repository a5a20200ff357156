// The bench of the core: one whole recall per call, through the same ports that a design would use.
//
// Built by `verilator --cc --build` into a shared library. `design.h` is generated beside it and holds
// HOPGATE_RESET_CYCLES, HOPGATE_CUE_WORDS, the ports that not every core has, and `read_fields`, which reads the accumulators at the
// end of a slot's turn.
#include "Vhopgate_core.h"
#include "Vhopgate_core___024root.h"
#include "verilated.h"
#include "waveform.h"
#include "design.h"

#include <cstdint>
#include <memory>

namespace {

int nowhere;  // stands for a port that a core does not have

struct Bench {
    VerilatedContext context;
    Vhopgate_core core;
    uint64_t cycles = 0;
    uint64_t stall = 0;  // state of the stall generator; 0: never stall
    bool spoke_in_reset = false;
    Waveform waveform;

    Bench() : core(&context) {}

    // One clock cycle. Outputs are looked at between `settle` and `edge`.
    void settle() {
        core.clock = 0;
        core.eval();
        dump(0);
    }
    void edge() {
        core.clock = 1;
        core.eval();
        dump(1);
        cycles++;
    }
    void dump(int half) {
        waveform.dump(cycles * 10 + half * 5);
    }
    // xorshift64: whether to hold a stream back in this cycle
    bool stalled() {
        if (!stall) return false;
        stall ^= stall << 13;
        stall ^= stall >> 7;
        stall ^= stall << 17;
        return stall & 1;
    }
    void reset() {
        core.reset = 1;
#if HOPGATE_LOADABLE
        core.cold__0240 = 1;
        core.load_words__0240 = 0;
        HOPGATE_LOAD_VALUES(core) = 0;
        core.load_row__0240 = core.load_kernel__0240 = core.load_threshold__0240 = core.load_size__0240 = 0;
        core.read_row__0240 = core.read_kernel__0240 = core.read_threshold__0240 = 0;
        HOPGATE_LOAD_VALUE(core) = HOPGATE_READ_VALUE(core) = HOPGATE_LOAD_RADIUS(core) = 0;
#endif
        core.in_valid = 0;
        core.in_data = 0;
        core.out_ready = 0;
        for (int i = 0; i < HOPGATE_RESET_CYCLES; i++) {
            settle();
            // from the second cycle on no word moves
            if (i > 0 && (core.in_ready || core.out_valid)) spoke_in_reset = true;
            edge();
        }
        core.reset = 0;
#if HOPGATE_LOADABLE
        core.cold__0240 = 0;
#endif
    }
    void cycle() {
        settle();
        edge();
    }
};

}  // namespace

extern "C" {

// A bench in reset; `waveform` is the path of one to write, or null.
void* hopgate_open(const char* waveform) {
    Bench* bench = new Bench;
    bench->waveform.open(bench->context, bench->core, waveform);
    bench->reset();
    return bench;
}

void hopgate_close(void* handle) {
    Bench* bench = static_cast<Bench*>(handle);
    bench->waveform.close();
    bench->core.final();
    delete bench;
}

// A number that tells fields apart: FNV-1a of their low halves.
static uint32_t digest(const int64_t* fields, int count) {
    uint32_t sum = 0x811c9dc5u;
    for (int i = 0; i < count; i++) sum = (sum ^ static_cast<uint32_t>(fields[i])) * 0x01000193u;
    return sum;
}

// Recalls `groups` cues of HOPGATE_CUE_WORDS words, or as many times HOPGATE_CUES that share a scan and have as many in all: each is offered as soon
// as the one before it was taken. `words` receives the `expected`
// words of the answers, `fields` the fields of all outputs in the last step, cue by cue of the last group, `log` cycles, queued candidates and the digest of the first `used` fields of every
// step (`log_steps` triples at most), `times` the cycle in which each word of the cues was taken, and then that of each word of the answers. A `stall_seed`
// other than 0 holds both streams back at random. Returns the steps seen, -1 if the core did not answer within `limit` cycles, or -2 if it was ready for a
// word or had one in a reset before.
int hopgate_recall(void* handle, const uint16_t* cues, int groups, uint64_t stall_seed, uint64_t limit, uint16_t* words,
                   int expected, int64_t* fields, int used, uint32_t* log, int log_steps, uint32_t* times) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_core& core = bench.core;
    bench.stall = stall_seed;
    if (bench.spoke_in_reset) return -2;
    const uint64_t begin = bench.cycles, end = begin + limit;
    const int count = groups * HOPGATE_CUE_WORDS;
    int sent = 0, received = 0, steps = 0;
    while (received < expected) {
        if (bench.cycles >= end) return -1;
        const bool offer = sent < count && !bench.stalled();
        core.in_valid = offer;
        core.in_data = offer ? cues[sent] : 0xdead;  // what is not offered must not matter
        core.out_ready = !bench.stalled();
        bench.settle();
        if (core.in_valid && core.in_ready) times[sent++] = bench.cycles - begin;
        if (core.out_valid && core.out_ready) {
            times[count + received] = bench.cycles - begin;
            words[received++] = core.out_data;
        }
        int64_t* const own = fields + HOPGATE_CUE(core.rootp) * HOPGATE_OUTPUTS;
        if (core.turn_done) read_fields(core.rootp, HOPGATE_TURN(core), own);
        if (core.step_done) {
            if (steps < log_steps) {
                log[3 * steps] = core.step_cycles;
                log[3 * steps + 1] = core.step_queued;
                log[3 * steps + 2] = digest(own, used);
            }
            steps++;
        }
        bench.edge();
    }
    core.in_valid = 0;
    core.out_ready = 0;
    return steps;
}

#if HOPGATE_LOADABLE
// What a word is written to, and read from.
enum Target { ROW, KERNEL, THRESHOLD, SIZE, VALUE, RADIUS };

// Writes a word of a table or a size, between recalls.
void hopgate_load(void* handle, int target, int bank, uint32_t address, uint16_t data) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_core& core = bench.core;
    if ((data ^ address) & 1) {
        // words need not follow each other at once, and what is at the ports then must not matter
        bench.cycle();
        core.load_address__0240 ^= 1;
        bench.cycle();
    }
    core.load_bank__0240 = bank;
    core.load_address__0240 = address;
    core.load_data__0240 = data;
    core.load_kernel__0240 = target == KERNEL;
    core.load_threshold__0240 = target == THRESHOLD;
    core.load_size__0240 = target == SIZE;
    HOPGATE_LOAD_RADIUS(core) = target == RADIUS;
    bench.cycle();
    core.load_kernel__0240 = core.load_threshold__0240 = core.load_size__0240 = 0;
    HOPGATE_LOAD_RADIUS(core) = 0;
    // what is not written must not matter, nor where
    core.load_bank__0240 = ~bank;
    core.load_address__0240 = ~address;
    core.load_data__0240 = ~data;
}

// Writes a row, of keys or of values, between recalls: its words go into the state, from the first lane's on. If it is not `whole`, the words alone.
// Returns 0, or -1 if the words are not taken within `limit` cycles.
int hopgate_load_row(void* handle, int target, int bank, uint32_t address, const uint16_t* words, int count, int whole,
                     uint64_t limit) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_core& core = bench.core;
    bench.stall = address + 1;  // words need not follow each other at once
    core.load_words__0240 = 1;
    HOPGATE_LOAD_VALUES(core) = target == VALUE;
    const uint64_t begin = bench.cycles;
    for (int sent = 0; sent < count;) {
        if (bench.cycles - begin >= limit) return -1;
        core.in_valid = !bench.stalled();
        core.in_data = core.in_valid ? words[sent] : 0xdead;
        bench.settle();
        if (core.in_valid && core.in_ready) sent++;
        bench.edge();
    }
    core.in_valid = 0;
    core.in_data = 0xdead;
    bench.cycle();
    core.load_bank__0240 = bank;
    core.load_address__0240 = address;
    core.load_row__0240 = whole && target == ROW;
    HOPGATE_LOAD_VALUE(core) = whole && target == VALUE;
    bench.cycle();
    core.load_row__0240 = core.load_words__0240 = 0;
    HOPGATE_LOAD_VALUE(core) = HOPGATE_LOAD_VALUES(core) = 0;
    for (int i = 0; i < 2; i++) bench.cycle();
    core.load_bank__0240 = ~bank;
    core.load_address__0240 = ~address;
    return 0;
}

// Reads an entry of the kernel table, or half an entry of the threshold table.
uint16_t hopgate_read(void* handle, int target, uint32_t address) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_core& core = bench.core;
    core.load_address__0240 = address;
    core.read_kernel__0240 = target == KERNEL;
    core.read_threshold__0240 = target == THRESHOLD;
    for (int i = 0; i < 2; i++) bench.cycle();
    bench.settle();
    const uint16_t data = core.read_data__0240;
    core.read_kernel__0240 = core.read_threshold__0240 = 0;
    core.load_address__0240 = ~address;
    return data;
}

// Fetches a row, of keys or of values, of `count` words. Returns the cycles that it took, or -1 after `limit`.
int64_t hopgate_fetch(void* handle, int target, int bank, uint32_t address, uint64_t stall_seed, uint64_t limit,
                      uint16_t* words, int count) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_core& core = bench.core;
    bench.stall = stall_seed;
    const uint64_t begin = bench.cycles;
    core.load_bank__0240 = bank;
    core.load_address__0240 = address;
    core.read_row__0240 = target == ROW;
    HOPGATE_READ_VALUE(core) = target == VALUE;
    int received = 0;
    while (received < count) {
        if (bench.cycles - begin >= limit) return -1;
        core.out_ready = !bench.stalled();
        bench.settle();
        if (core.out_valid && core.out_ready) words[received++] = core.out_data;
        bench.edge();
        core.read_row__0240 = 0;
        HOPGATE_READ_VALUE(core) = 0;
    }
    core.out_ready = 0;
    core.load_bank__0240 = ~bank;
    core.load_address__0240 = ~address;
    // the core is ready for a cue again, and says nothing more
    for (int i = 0; i < 4; i++) {
        core.out_ready = 1;
        bench.settle();
        if (core.out_valid) return -1;
        bench.edge();
    }
    core.out_ready = 0;
    return bench.cycles - begin;
}
#endif

// Begins to recall a cue of HOPGATE_CUE_WORDS words, again and again, taking whatever comes, or nothing, and after `after` cycles holds reset for
// HOPGATE_RESET_CYCLES.
void hopgate_interrupt(void* handle, const uint16_t* cue, uint64_t after, int takes) {
    Bench& bench = *static_cast<Bench*>(handle);
    Vhopgate_core& core = bench.core;
    bench.stall = 0;
    int sent = 0;
    for (uint64_t i = 0; i < after; i++) {
        core.in_valid = 1;
        core.in_data = cue[sent];
        core.out_ready = takes;
        bench.settle();
        if (core.in_ready) sent = sent + 1 == HOPGATE_CUE_WORDS ? 0 : sent + 1;
        bench.edge();
    }
    bench.reset();
}

uint64_t hopgate_cycles(void* handle) { return static_cast<Bench*>(handle)->cycles; }

}  // extern "C"

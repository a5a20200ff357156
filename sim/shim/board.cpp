// The bench of a board top: bytes in and out at the pins, through a UART of its own.
#include "Vhopgate_board.h"
#include "verilated.h"
#include "waveform.h"
#include "design.h"

#include <cmath>
#include <cstdint>
#include <memory>

namespace {

struct Bench {
    VerilatedContext context;
    Vhopgate_board board;
    uint64_t cycles = 0;
    // when the button goes down, and when it is released
    uint64_t pressed = UINT64_MAX, released = 0;
    // the bit time of the bench in cycles: of its sender, and of its receiver; and what of a cycle its sender is behind
    double bit_cycles = HOPGATE_UART_DIVIDER, receiver_cycles = HOPGATE_UART_DIVIDER, behind = 0;
    // receiver of the bench
    bool listening = false;
    double countdown = 0;
    int bit = 0, byte = 0;
    uint8_t* out = nullptr;
    int room = 0, received = 0;
    bool framing_error = false;
    Waveform waveform;

    Bench() : board(&context) {}

    void dump(int half) {
        waveform.dump(cycles * 10 + half * 5);
    }

    void cycle() {
        if (cycles == pressed) HOPGATE_BUTTON(board, 1);
        if (cycles == released) HOPGATE_BUTTON(board, 0);
        board.clock = 0;
        board.eval();
        dump(0);
        listen(board.tx);
        board.clock = 1;
        board.eval();
        dump(1);
        cycles++;
    }
    // Samples the middle of every bit after a falling edge, as any UART does.
    void listen(int line) {
        if (!listening) {
            if (!line) {
                listening = true;
                countdown = std::floor(receiver_cycles / 2);
                // of a bit that is a cycle, this is the middle of the start bit
                bit = receiver_cycles < 2;
                byte = 0;
            }
            return;
        }
        if (countdown >= 1) {
            countdown--;
            return;
        }
        countdown += receiver_cycles - 1;
        if (bit == 0) {
            if (line) listening = false;  // not a start bit
        } else if (bit <= 8) {
            byte |= line << (bit - 1);
        } else {
            if (!line) framing_error = true;
            if (received < room) out[received] = static_cast<uint8_t>(byte);
            received++;
            listening = false;
        }
        bit++;
    }
    // What holds the board in reset just went away, if anything did: until it runs, and a little longer.
    void wake() {
        for (int i = 0; i < HOPGATE_RESET_CYCLES + 32; i++) cycle();
    }
    void send_bit(int level) {
        board.rx = level;
        for (behind += bit_cycles; behind >= 1; behind--) cycle();
    }
};

}  // namespace

extern "C" {

// A board after its power-up reset; `waveform` is the path of one to write, or null.
void* hopgate_open(const char* waveform) {
    Bench* bench = new Bench;
    bench->waveform.open(bench->context, bench->board, waveform);
    HOPGATE_BUTTON(bench->board, 0);
    bench->board.rx = 1;
    bench->wake();
    return bench;
}

void hopgate_close(void* handle) {
    Bench* bench = static_cast<Bench*>(handle);
    bench->waveform.close();
    bench->board.final();
    delete bench;
}

// The sender's bit time in cycles, to try how far it may be off.
void hopgate_set_bit_cycles(void* handle, int cycles) { static_cast<Bench*>(handle)->bit_cycles = cycles; }

// The bit time of the bench both ways, in cycles and parts of them: a host has a clock of its own.
void hopgate_set_host_bit(void* handle, double cycles) {
    Bench& bench = *static_cast<Bench*>(handle);
    bench.bit_cycles = bench.receiver_cycles = cycles;
}

// What is at the pins of the LEDs.
int hopgate_leds(void* handle) { return HOPGATE_LEDS(static_cast<Bench*>(handle)->board); }

// What is at the pins that are held high.
int hopgate_high(void* handle) { return HOPGATE_HIGH(static_cast<Bench*>(handle)->board); }

// Presses the reset button so many cycles from now, for this many: what is said meanwhile goes on.
void hopgate_press_later(void* handle, uint64_t after, int cycles) {
    Bench& bench = *static_cast<Bench*>(handle);
    bench.pressed = bench.cycles + after;
    bench.released = bench.pressed + cycles;
}

// Cycles until the reset that the button began is over, and the board runs.
uint64_t hopgate_asleep(void* handle) {
    Bench& bench = *static_cast<Bench*>(handle);
    const uint64_t awake = bench.released + HOPGATE_RESET_CYCLES + 32;
    return awake > bench.cycles ? awake - bench.cycles : 0;
}

// Holds the reset button for this many cycles.
void hopgate_press_reset(void* handle, int cycles) {
    Bench& bench = *static_cast<Bench*>(handle);
    hopgate_press_later(handle, 0, cycles);
    while (hopgate_asleep(handle) > 0) bench.cycle();
}

// Sends `count` bytes and waits for `expected` to come back. Returns the bytes received (the first `expected`
// are in `answer`), -1 after a framing error, -2 if they did not come within `limit` cycles.
int hopgate_exchange(void* handle, const uint8_t* bytes, int count, uint64_t limit, uint8_t* answer, int expected) {
    Bench& bench = *static_cast<Bench*>(handle);
    bench.out = answer;
    bench.room = expected;
    bench.received = 0;
    const uint64_t end = bench.cycles + limit;
    for (int i = 0; i < count; i++) {
        bench.send_bit(0);
        for (int b = 0; b < 8; b++) bench.send_bit(bytes[i] >> b & 1);
        bench.send_bit(1);
    }
    while (bench.received < expected) {
        if (bench.cycles >= end) {
            bench.room = 0;
            return -2;
        }
        bench.cycle();
    }
    for (int i = 0; i < 4 * HOPGATE_UART_DIVIDER; i++) bench.cycle();  // the last stop bit, and silence after it
    bench.room = 0;  // the buffer is the caller's again
    return bench.framing_error ? -1 : bench.received;
}

uint64_t hopgate_cycles(void* handle) { return static_cast<Bench*>(handle)->cycles; }

}  // extern "C"

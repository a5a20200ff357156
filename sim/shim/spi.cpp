// The bench of a board top with an SPI peripheral: a controller of its own, and bytes in and out behind it.
#include "Vhopgate_board.h"
#include "verilated.h"
#include "waveform.h"
#include "design.h"

#include <cstdint>
#include <deque>
#include <memory>

namespace {

// What a board's output takes to reach the controller, and the controller wants it to be there before its clock rises: in cycles.
const double OUTPUT_DELAY = 0.9;

struct Bench {
    VerilatedContext context;
    Vhopgate_board board;
    uint64_t cycles = 0;
    // when the button goes down, and when it is released
    uint64_t pressed = UINT64_MAX, released = 0;
    // a period of the controller's clock in cycles, not a whole number: all phases come by
    double period = 3.01;
    // the time in cycles; the board sees what is at its pins at whole numbers
    double now = 0;
    // what the board has driven, and since when, the last first
    int level[4] = {0, 0, 0, 0};
    double since[4] = {0, 0, 0, 0};
    // bytes that follow in the piece of the board's bytes that is read
    int left = 0;
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
        board.clock = 1;
        board.eval();
        dump(1);
        cycles++;
        if (board.miso != level[0]) {
            for (int i = 3; i > 0; i--) {
                level[i] = level[i - 1];
                since[i] = since[i - 1];
            }
            level[0] = board.miso;
            since[0] = static_cast<double>(cycles);
        }
    }
    // Runs until a time: what the controller drives is seen by every edge of the clock before it.
    void until(double time) {
        while (static_cast<double>(cycles) + 1 <= time) cycle();
        now = time;
    }
    // What the controller sees at a time.
    int seen(double time) const {
        for (int i = 0; i < 4; i++)
            if (since[i] + OUTPUT_DELAY <= time) return level[i];
        return level[3];
    }
    void select() {
        board.cs_n = 0;
        until(now + 5);
    }
    void deselect() {
        until(now + 5);
        board.cs_n = 1;
        until(now + 5);
        left = 0;
    }
    // A byte in both directions, of a selected board.
    uint8_t exchange(uint8_t out) {
        uint8_t in = 0;
        for (int bit = 7; bit >= 0; bit--) {
            board.mosi = out >> bit & 1;
            until(now + period / 2);
            in = static_cast<uint8_t>(in << 1 | seen(now));
            board.sck = 1;
            until(now + period / 2);
            board.sck = 0;
        }
        return in;
    }
    // The same; returns whether a byte of the board's came, and not how many follow.
    bool piece(uint8_t out, uint8_t& in) {
        in = exchange(out);
        if (left > 0) {
            left--;
            return true;
        }
        left = in;
        return false;
    }
    // What holds the board in reset just went away, if anything did: until it runs, and a little longer.
    void wake() {
        until(now + HOPGATE_RESET_CYCLES + 32);
    }
};

struct Stream {
    Bench& bench;
    std::deque<uint8_t> queue;
    // bytes that came and found no room
    std::deque<uint8_t> more;

    explicit Stream(Bench& bench) : bench(bench) {}
};

// Bytes of a transfer at most: a button is pressed between transfers.
const int TRANSFER = 32;

}  // namespace

extern "C" {

// A board after its power-up reset; `waveform` is the path of one to write, or null.
void* hopgate_open(const char* waveform) {
    Bench* bench = new Bench;
    bench->waveform.open(bench->context, bench->board, waveform);
    HOPGATE_BUTTON(bench->board, 0);
    bench->board.cs_n = 1;
    bench->board.sck = 0;
    bench->board.mosi = 0;
    bench->wake();
    return bench;
}

void hopgate_close(void* handle) {
    Bench* bench = static_cast<Bench*>(handle);
    bench->waveform.close();
    bench->board.final();
    delete bench;
}

// The controller's period in cycles, and parts of them.
void hopgate_set_host_bit(void* handle, double cycles) { static_cast<Bench*>(handle)->period = cycles; }
void hopgate_set_bit_cycles(void* handle, int cycles) { static_cast<Bench*>(handle)->period = cycles; }

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
    bench.until(bench.now + static_cast<double>(hopgate_asleep(handle)));
}

// Selects the board, or no longer.
void hopgate_spi_select(void* handle, int selected) {
    Bench& bench = *static_cast<Bench*>(handle);
    if (selected)
        bench.select();
    else
        bench.deselect();
}

// Exchanges `count` bytes with a board that is selected: as the controller sees them.
void hopgate_spi_exchange(void* handle, const uint8_t* out, uint8_t* in, int count) {
    Bench& bench = *static_cast<Bench*>(handle);
    for (int i = 0; i < count; i++) {
        const uint8_t byte = bench.exchange(out ? out[i] : 0);
        if (in) in[i] = byte;
    }
}

// What is at the pin that says that bytes wait.
int hopgate_spi_attention(void* handle) { return static_cast<Bench*>(handle)->board.attention; }

// Lets time pass.
void hopgate_spi_wait(void* handle, int cycles) {
    Bench& bench = *static_cast<Bench*>(handle);
    bench.until(bench.now + cycles);
}

// Sends `count` bytes and waits for `expected` to come back. Returns the bytes received (the first `expected`
// are in `answer`; what the board has beyond them stays there), -2 if they did not come within `limit` cycles.
int hopgate_exchange(void* handle, const uint8_t* bytes, int count, uint64_t limit, uint8_t* answer, int expected) {
    Bench& bench = *static_cast<Bench*>(handle);
    int received = 0;
    const auto take = [&](uint8_t out) {
        uint8_t in;
        if (!bench.piece(out, in)) return;
        if (received < expected) answer[received] = in;
        received++;
    };
    const uint64_t end = bench.cycles + limit;
    bench.select();
    for (int i = 0; i < count; i++) take(bytes[i]);
    while (received < expected) {
        if (bench.cycles >= end) {
            bench.deselect();
            return -2;
        }
        take(0);
    }
    bench.deselect();
    return received;
}

uint64_t hopgate_cycles(void* handle) { return static_cast<Bench*>(handle)->cycles; }

// Streams to and from the pins of an open board.
void* hopgate_stream_open(void* handle) { return new Stream(*static_cast<Bench*>(handle)); }

void hopgate_stream_close(void* handle) { delete static_cast<Stream*>(handle); }

// Queues `count` bytes and runs for at most `cycles` cycles. Ends early when `room` bytes have come, or when some have and then nothing for
// a while. Returns how many there are in `out`.
int hopgate_stream_run(void* handle, const uint8_t* bytes, int count, uint64_t cycles, uint8_t* out, int room) {
    Stream& stream = *static_cast<Stream*>(handle);
    Bench& bench = stream.bench;
    stream.queue.insert(stream.queue.end(), bytes, bytes + count);
    const uint64_t end = bench.cycles + cycles;
    int received = 0, silence = 0;
    while (received < room) {
        while (received < room && !stream.more.empty()) {
            out[received++] = stream.more.front();
            stream.more.pop_front();
        }
        if (bench.cycles >= end || (received > 0 && silence > 500)) break;
        if (stream.queue.empty() && !bench.board.attention) {
            bench.until(bench.now + 20);
            silence += 20;
            continue;
        }
        silence = 0;
        bench.select();
        for (int i = 0; i < TRANSFER && (bench.left > 0 || !stream.queue.empty() || bench.board.attention); i++) {
            uint8_t next = 0, in;
            if (!stream.queue.empty()) {
                next = stream.queue.front();
                stream.queue.pop_front();
            }
            if (bench.piece(next, in)) stream.more.push_back(in);
        }
        bench.deselect();
    }
    return received;
}

// Forgets what is queued.
void hopgate_stream_drop(void* handle) { static_cast<Stream*>(handle)->queue.clear(); }

// Bytes that are queued and not sent yet.
int hopgate_stream_queued(void* handle) { return static_cast<int>(static_cast<Stream*>(handle)->queue.size()); }

}  // extern "C"

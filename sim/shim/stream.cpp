
// Bytes that come and go while the board runs, unlike an exchange: appended to the bench of a board.

#include <deque>

namespace {

struct Stream {
    Bench& bench;
    std::deque<uint8_t> queue;
    unsigned frame = 0;  // start bit, data and stop bit, still to be sent
    int bits = 0;
    double timer = 0;  // cycles of this bit

    explicit Stream(Bench& bench) : bench(bench) {}

    // The level of the line for the next cycle.
    void drive() {
        if (bits == 0) {
            if (queue.empty()) {
                timer = 0;
                return;
            }
            frame = 0x200u | static_cast<unsigned>(queue.front()) << 1;
            queue.pop_front();
            bits = 10;
        }
        bench.board.rx = frame & 1;
        if (++timer >= bench.bit_cycles) {
            timer -= bench.bit_cycles;
            frame >>= 1;
            bits--;
        }
    }
};

}  // namespace

extern "C" {

// Streams to and from the pins of an open board.
void* hopgate_stream_open(void* handle) { return new Stream(*static_cast<Bench*>(handle)); }

void hopgate_stream_close(void* handle) { delete static_cast<Stream*>(handle); }

// Queues `count` bytes and runs for at most `cycles` cycles. Ends early when `room` bytes have come, or when some have and then nothing for
// two bytes' time. Returns how many there are in `out`, or -1 after a framing error.
int hopgate_stream_run(void* handle, const uint8_t* bytes, int count, uint64_t cycles, uint8_t* out, int room) {
    Stream& stream = *static_cast<Stream*>(handle);
    Bench& bench = stream.bench;
    stream.queue.insert(stream.queue.end(), bytes, bytes + count);
    bench.out = out;
    bench.room = room;
    bench.received = 0;
    int silence = 0, seen = 0;
    for (uint64_t i = 0; i < cycles && bench.received < room; i++) {
        stream.drive();
        bench.cycle();
        silence = !bench.listening && bench.received == seen ? silence + 1 : 0;
        seen = bench.received;
        if (seen > 0 && silence > 20 * HOPGATE_UART_DIVIDER) break;
    }
    bench.room = 0;
    return bench.framing_error ? -1 : bench.received;
}

// Forgets what is queued, and what is under way.
void hopgate_stream_drop(void* handle) {
    Stream& stream = *static_cast<Stream*>(handle);
    stream.queue.clear();
    stream.bits = 0;
    stream.bench.board.rx = 1;
}

// Where nothing is under way: these bits come next, the lowest first, whatever they are.
void hopgate_stream_raw(void* handle, unsigned frame, int bits) {
    Stream& stream = *static_cast<Stream*>(handle);
    stream.frame = frame;
    stream.bits = bits;
}

// Bytes that are queued and not sent yet.
int hopgate_stream_queued(void* handle) { return static_cast<int>(static_cast<Stream*>(handle)->queue.size()); }

}  // extern "C"

// A simulation as one would write it by hand: the Verilated core, its streams, and nothing else. No reference, no fields, no
// comparison. Prints the cycles and the CPU seconds that its cues took.
#include "Vhopgate_core.h"
#include "verilated.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <time.h>
#include <vector>

static double seconds() {
    timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// simulation PATTERNS LANES CUES: patterns are lines of LANES hexadecimal words
int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const int lanes = atoi(argv[2]), cues = atoi(argv[3]);
    std::vector<uint16_t> patterns;
    FILE* file = fopen(argv[1], "r");
    if (!file) return 1;
    for (unsigned word; fscanf(file, "%x", &word) == 1;) patterns.push_back(static_cast<uint16_t>(word));
    fclose(file);
    const size_t rows = patterns.size() / static_cast<size_t>(lanes);
    VerilatedContext context;
    Vhopgate_core core(&context);
    uint64_t cycles = 0, random = 1, sum = 0;
    auto edge = [&] {
        core.clock = 1;
        core.eval();
        cycles++;
    };
    auto settle = [&] {
        core.clock = 0;
        core.eval();
    };
    core.reset = 1;
    for (int i = 0; i < 256; i++) {
        settle();
        edge();
    }
    core.reset = 0;
    cycles = 0;
    const double start = seconds();
    for (int q = 0; q < cues; q++) {
        std::vector<uint16_t> cue(static_cast<size_t>(lanes));
        for (size_t l = 0; l < cue.size(); l++) {
            cue[l] = patterns[static_cast<size_t>(q) % rows * cue.size() + l];
            for (int bit = 0; bit < 16; bit++) {
                // xorshift64; one bit in ten is flipped
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                if (random % 10 == 0) cue[l] ^= static_cast<uint16_t>(1 << bit);
            }
        }
        int sent = 0, received = 0;
        core.out_ready = 1;
        while (received < lanes + 3) {
            core.in_valid = sent < lanes;
            core.in_data = sent < lanes ? cue[static_cast<size_t>(sent)] : 0;
            settle();
            if (core.in_valid && core.in_ready) sent++;
            if (core.out_valid) {
                sum = sum * 31 + core.out_data;
                received++;
            }
            edge();
        }
    }
    printf("%llu %.6f %llx\n", static_cast<unsigned long long>(cycles), seconds() - start, static_cast<unsigned long long>(sum));
    core.final();
    return 0;
}

// A simulation as one would write it by hand: the Verilated core, its streams, and nothing else. No reference, no fields, no
// comparison. Prints the cycles and the CPU seconds that its cues took, and writes the answers.
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

// simulation CUES.npy LANES ANSWERS: the cues are bytes of 0 and 1, 16 * LANES each, behind a header; the answers are such bytes without one
int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const size_t lanes = static_cast<size_t>(atoi(argv[2]));
    std::vector<unsigned char> file;
    FILE* input = fopen(argv[1], "rb");
    if (!input) return 1;
    for (int byte; (byte = fgetc(input)) != EOF;) file.push_back(static_cast<unsigned char>(byte));
    fclose(input);
    // the header's length is in its bytes 8 and 9
    if (file.size() < 10) return 1;
    const size_t header = 10u + file[8] + 256u * file[9];
    if (file.size() < header || lanes == 0) return 1;
    const size_t cues = (file.size() - header) / (16 * lanes);
    std::vector<uint16_t> cue(lanes * cues), answers;
    for (size_t i = 0; i < 16 * cue.size(); i++) cue[i / 16] |= static_cast<uint16_t>(file[header + i] << i % 16);
    answers.reserve((lanes + 3) * cues);
    VerilatedContext context;
    Vhopgate_core core(&context);
    uint64_t cycles = 0;
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
    for (size_t q = 0; q < cues; q++) {
        size_t sent = 0, received = 0;
        core.out_ready = 1;
        while (received < lanes + 3) {
            core.in_valid = sent < lanes;
            core.in_data = sent < lanes ? cue[q * lanes + sent] : 0;
            settle();
            if (core.in_valid && core.in_ready) sent++;
            if (core.out_valid) {
                answers.push_back(core.out_data);
                received++;
            }
            edge();
        }
    }
    printf("%llu %.6f\n", static_cast<unsigned long long>(cycles), seconds() - start);
    FILE* output = fopen(argv[3], "wb");
    if (!output) return 1;
    for (size_t q = 0; q < cues; q++) {
        for (size_t i = 0; i < 16 * lanes; i++) fputc(answers[q * (lanes + 3) + i / 16] >> i % 16 & 1, output);
    }
    if (fclose(output)) return 1;
    core.final();
    return 0;
}

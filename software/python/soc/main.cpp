// Runs the system until its program ends, and prints what it says by the scratch register.
#include "Vsim.h"
#include "Vsim___024root.h"
#include "verilated.h"

#include <cstdint>
#include <cstdio>

int main() {
    VerilatedContext context;
    Vsim system(&context);
    uint32_t last = 0;
    for (uint64_t cycle = 0; cycle < 5000000; cycle++) {
        system.sys_clk = 0;
        system.sys_rst = cycle < 8;
        system.eval();
        system.sys_clk = 1;
        system.eval();
        if (system.said_strobe) {
            last = system.said;
            std::printf("%05x\n", last);
            if (last == 0x5dead) return 0;
        }
    }
    std::fprintf(stderr, "the program does not end\n");
    return 1;
}

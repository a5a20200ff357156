// The waveform of a simulation: every bench has one, and writes it where it was told to, as VCD or as FST.
#pragma once
#include "verilated.h"
#if VM_TRACE_FST
#include "verilated_fst_c.h"
#elif VM_TRACE
#include "verilated_vcd_c.h"
#endif

#include <cstdint>
#include <memory>

namespace {

class Waveform {
#if VM_TRACE_FST
    std::unique_ptr<VerilatedFstC> file;
#elif VM_TRACE
    std::unique_ptr<VerilatedVcdC> file;
#endif
#if VM_TRACE
    uint64_t last = ~uint64_t{0};
#endif

public:
    // With a path, and where the simulation was built for it; else nothing is written.
    template <class Model>
    void open(VerilatedContext& context, Model& model, const char* path) {
        (void)context, (void)model, (void)path;
#if VM_TRACE
        if (!path) return;
        context.traceEverOn(true);
        file.reset(new typename decltype(file)::element_type);
        model.trace(file.get(), 99);
        file->open(path);
#endif
    }
    // What is looked at twice in one moment is written once.
    void dump(uint64_t time) {
        (void)time;
#if VM_TRACE
        if (file && time != last) file->dump(time);
        last = time;
#endif
    }
    void close() {
#if VM_TRACE
        if (file) file->close();
#endif
    }
};

}  // namespace

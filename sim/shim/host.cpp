// What a simulation asks of the program that it is loaded into: its memory files, and to stop.
//
// Memory files lie in a folder that is named before a bench is opened, whatever folder the program runs in. So one compiled
// simulation serves every memory of its shape. Verilator reads them by `fopen`: this one takes its place, in this library
// alone, since it is hidden.
//
// Of a file that cannot be read, Verilator prints a line and goes on with zeros; at a damaged one, $stop and $fatal it ends the whole
// program. While a bench is opened, all of these are kept here instead, for the caller to ask about.
#include "verilated.h"

#include <time.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace {

thread_local std::string folder;
thread_local std::string complaint;
thread_local bool opening = false;

void complain(const std::string& what) {
    if (complaint.empty()) complaint = what;
}

std::string at(const char* file, int line) {
    return file && file[0] ? std::string(file) + ":" + std::to_string(line) + ": " : "";
}

// Opens a file for reading; a simulation writes none, but for the library that writes its waveform as FST.
FILE* open_file(const char* name, const char* mode) {
    const std::string path = name[0] == '/' ? name : folder + "/" + name;
#if VM_TRACE_FST
    if (mode[0] == 'w' || std::strchr(mode, '+')) {
        const int made = mode[0] == 'w' ? O_CREAT | O_TRUNC : 0;
        const int written = open(path.c_str(), O_RDWR | O_CLOEXEC | made, 0600);
        return written < 0 ? nullptr : fdopen(written, mode[0] == 'w' ? "w+" : "r+");
    }
#endif
    errno = EACCES;
    const int file = mode[0] == 'r' ? open(path.c_str(), O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) complain(std::string(name) + " cannot be read: " + std::strerror(errno));
    return file < 0 ? nullptr : fdopen(file, "r");
}

}  // namespace

extern "C" {

// CPU seconds of the calling thread so far.
double hopgate_thread_seconds() {
    timespec now;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)) return 0;
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Where memory files are, for the bench that this thread opens next.
void hopgate_files(const char* path) {
    folder = path;
    complaint.clear();
    opening = true;
}

// What went wrong while it was opened; empty if nothing. Valid until the thread opens another.
const char* hopgate_complaint() {
    opening = false;
    return complaint.c_str();
}

__attribute__((visibility("hidden"))) FILE* fopen(const char* name, const char* mode) { return open_file(name, mode); }
// the same where files have 64-bit offsets by another name
__attribute__((visibility("hidden"))) FILE* fopen64(const char* name, const char* mode) { return open_file(name, mode); }

}  // extern "C"

void vl_fatal(const char* file, int line, const char*, const char* what) VL_MT_UNSAFE {
    // a damaged memory file is read to its end; nothing else can go on
    if (opening && std::strstr(what, "$readmem")) return complain(at(file, line) + what);
    std::fprintf(stderr, "%%Error: %s%s\n", at(file, line).c_str(), what);
    std::abort();
}

void vl_stop(const char* file, int line, const char* hier) VL_MT_UNSAFE {
    if (!opening) vl_fatal(file, line, hier, "Verilog $stop");
    complain(at(file, line) + "the Verilog stops there");
}

void vl_warn(const char* file, int line, const char*, const char* what) VL_MT_UNSAFE {
    if (opening) {
        complain(at(file, line) + what);
    } else {
        std::fprintf(stderr, "%%Warning: %s%s\n", at(file, line).c_str(), what);
    }
}

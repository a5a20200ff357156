/* Drives a simulated core behind registers by the header that lies beside its Verilog: drive SIMULATION FOLDER. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *bench;
static int (*transfer)(void *, int, int, uint32_t, int, uint32_t *);

/* a function of the simulation; POSIX lets a pointer of dlsym be one, C99 has no cast for it */
static void find(void *library, const char *name, void *function)
{
    void *const found = dlsym(library, name);
    memcpy(function, &found, sizeof found);
}

static uint32_t bus(int write, uintptr_t address, uint32_t data)
{
    uint32_t word = 0;
    if (transfer(bench, write, (int)(address / 4), data, (int)(data % 3), &word)) {
        fprintf(stderr, "the bus fails at %lx\n", (unsigned long)address);
        exit(1);
    }
    return word;
}

#define HOPGATE_READ(address) bus(0, address, 0)
#define HOPGATE_WRITE(address, word) ((void)bus(1, address, word))
#include "memory.h"
#include "memory_load_0.h"

#include "cues.h"
#include "strange.h"

static void recalls(void)
{
    unsigned q, i;
    for (q = 0; q < sizeof cues / sizeof cues[0]; q++) {
        uint16_t answer[MEMORY_ANSWER_SIZE];
        memory_info info;
        memory_recall(0, cues[q], answer, &info);
        for (i = 0; i < MEMORY_ANSWER_SIZE; i++)
            printf("%04x ", (unsigned)answer[i]);
        printf("%04x %04x %04x\n", (unsigned)info.steps, (unsigned)info.nearest, (unsigned)info.distance);
    }
}

static void store(void)
{
    memory_info info = {0, 0, 0};
    uint16_t patterns = 0;
    const int done = memory_store(0, cues[0], &info);
    memory_count(0, &patterns);
    printf("store %d %04x of %u\n", done, info.steps & (MEMORY_STEPS_NEAR | MEMORY_STEPS_STORED | MEMORY_STEPS_FULL), (unsigned)patterns);
}

static void learn(void)
{
    uint16_t answer[MEMORY_ANSWER_SIZE], patterns = 0;
    memory_info info = {0, 0, 0};
    const int done = memory_learn(0, strange, answer, &info);
    memory_count(0, &patterns);
    printf("learn %d %04x of %u\n", done, info.steps & (MEMORY_STEPS_STORED | MEMORY_STEPS_FULL), (unsigned)patterns);
}

int main(int argc, char **argv)
{
    void *const library = argc == 3 ? dlopen(argv[1], RTLD_NOW) : NULL;
    void (*files)(const char *);
    void *(*open)(const char *);
    int done;
    if (!library)
        return 1;
    find(library, "hopgate_files", &files);
    find(library, "hopgate_open", &open);
    find(library, "hopgate_transfer", &transfer);
    files(argv[2]);
    bench = open(NULL);
    printf("present %d\n", memory_present(0));
    recalls();
    printf("load %d\n", memory_load(0, memory_load_0));
    recalls();
    store();
    store();
    printf("forget %d\n", memory_forget(0, 0));
    recalls();
    learn();
    learn();
    recalls();
    done = memory_forget(0, 60000);
    printf("forget %d\n", done);
    return 0;
}

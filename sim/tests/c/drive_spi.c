/* Drives a simulated board behind SPI by the client that lies beside its Verilog: drive SIMULATION FOLDER HIT. Of the
   bytes that come and are not zero, every HITth is changed; none for 0. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "memory_spi.h"
#include "memory_load_0.h"

#include "cues.h"
#include "strange.h"

static void *bench;
static void (*pins_select)(void *, int), (*pins_exchange)(void *, const uint8_t *, uint8_t *, int), (*pins_wait)(void *, int);
static int (*pins_attention)(void *);
static unsigned long hit, came;

/* a function of the simulation; POSIX lets a pointer of dlsym be one, C99 has no cast for it */
static void find(void *library, const char *name, void *function)
{
    void *const found = dlsym(library, name);
    memcpy(function, &found, sizeof found);
}

static int exchange(void *context, const uint8_t *out, uint8_t *in, size_t count)
{
    int waits = 2000;
    size_t i;
    (void)context;
    while (!out && !pins_attention(bench) && waits--)
        pins_wait(bench, 50);
    pins_select(bench, 1);
    pins_exchange(bench, out, in, (int)count);
    pins_select(bench, 0);
    for (i = 0; hit && in && i < count; i++)
        if (in[i] && ++came % hit == 0)
            in[i] ^= 0x10;
    return 0;
}

static memory_spi_board board;

static void recalls(void)
{
    uint16_t replies[sizeof cues / sizeof cues[0]][MEMORY_SPI_REPLY_SIZE];
    const size_t count = sizeof cues / sizeof cues[0];
    size_t q, i;
    const int done = memory_spi_recall(&board, cues[0], count, replies[0]);
    if (done)
        printf("recall %d\n", done);
    for (q = 0; q < count && !done; q++)
        for (i = 0; i < MEMORY_SPI_REPLY_SIZE; i++)
            printf("%04x%c", (unsigned)replies[q][i], i + 1 < MEMORY_SPI_REPLY_SIZE ? ' ' : '\n');
}

static void finds(void)
{
    uint16_t found[sizeof cues / sizeof cues[0]][2];
    const size_t count = sizeof cues / sizeof cues[0];
    size_t q;
    const int done = memory_spi_find(&board, cues[0], count, found[0]);
    if (done)
        printf("find %d\n", done);
    for (q = 0; q < count && !done; q++)
        printf("%04x %04x\n", (unsigned)found[q][0], (unsigned)found[q][1]);
}

static void store(void)
{
    uint16_t reply[3] = {0, 0, 0}, patterns = 0;
    const int done = memory_spi_store(&board, cues[0], reply);
    memory_spi_page(&board, 70, &patterns);
    printf("store %d %04x of %u\n", done, reply[0] & 0x1c00u, (unsigned)patterns);
}

static void learn(void)
{
    uint16_t reply[MEMORY_SPI_REPLY_SIZE] = {0}, patterns = 0;
    const int done = memory_spi_learn(&board, strange, reply);
    memory_spi_page(&board, 70, &patterns);
    printf("learn %d %04x of %u\n", done, reply[MEMORY_SPI_REPLY_SIZE - 3] & 0xc00u, (unsigned)patterns);
}

int main(int argc, char **argv)
{
    void *const library = argc == 4 ? dlopen(argv[1], RTLD_NOW) : NULL;
    void (*files)(const char *);
    void *(*open)(const char *);
    if (!library || sscanf(argv[3], "%lu", &hit) != 1)
        return 1;
    find(library, "hopgate_files", &files);
    find(library, "hopgate_open", &open);
    find(library, "hopgate_spi_select", &pins_select);
    find(library, "hopgate_spi_exchange", &pins_exchange);
    find(library, "hopgate_spi_attention", &pins_attention);
    find(library, "hopgate_spi_wait", &pins_wait);
    files(argv[2]);
    bench = open(NULL);
    board.exchange = exchange;
    board.patience = 2;
    recalls();
    printf("load %d\n", memory_spi_load(&board, memory_load_0));
    recalls();
    finds();
    store();
    store();
    printf("forget %d\n", memory_spi_forget(&board, 0, 10));
    recalls();
    learn();
    learn();
    recalls();
    printf("forget %d\n", memory_spi_forget(&board, 60000, 10));
    printf("too long %d\n", memory_spi_recall(&board, cues[0], MEMORY_SPI_BATCH + 1, NULL));
    return 0;
}

/* What the CPU of the system does: it recalls, loads, stores and forgets by the header of the memory, takes the interrupt of a recall that is
   done, lets a DMA bring cues and take answers away, and says what came out, a word at a time, by a CSR. */
#include "faces.h"
#include "faces_load_0.h"
#include "system.h"

static void say(uint32_t word)
{
    *(volatile uint32_t *)SCRATCH = word;
}

static void recalls(void)
{
    unsigned q, i;
    for (q = 0; q < sizeof cues / sizeof cues[0]; q++) {
        uint16_t answer[FACES_ANSWER_SIZE];
        faces_info info;
        faces_recall(FACES_BASE, cues[q], answer, &info);
        for (i = 0; i < FACES_ANSWER_SIZE; i++)
            say(answer[i]);
        say(info.steps);
        say(info.nearest);
        say(info.distance);
    }
}

/* what the interrupt found, and how often it came */
static volatile unsigned found, interrupts;

/* by the vector: the memory's is the only line that is let through */
void interrupted(void)
{
    found = faces_get_pending(FACES_BASE);
    faces_set_pending(FACES_BASE, (uint16_t)found);
    interrupts++;
}

/* a recall whose end nobody asks for: the interrupt tells it */
static void waits(unsigned q)
{
    uint16_t answer[FACES_ANSWER_SIZE];
    unsigned i;
    faces_set_pending(FACES_BASE, 0xffff);
    faces_set_enable(FACES_BASE, FACES_ENABLE_DONE);
    FACES_EVENT_ENABLE = 1;
    __asm__ volatile("csrw 0xbc0, %0" ::"r"(1u << FACES_INTERRUPT)); /* the mask of the CPU's lines */
    __asm__ volatile("csrs mie, %0" ::"r"(0x800));
    __asm__ volatile("csrs mstatus, %0" ::"r"(8));
    interrupts = 0;
    faces_ask(FACES_BASE, cues[q]);
    for (i = 0; i < FACES_ANSWER_SIZE; i++) {
        faces_wait(FACES_BASE, FACES_STATUS_ANSWER);
        answer[i] = faces_get_answer(FACES_BASE);
    }
    while (!interrupts)
        ;
    __asm__ volatile("csrc mstatus, %0" ::"r"(8));
    faces_set_enable(FACES_BASE, 0);
    say(0x50000u | interrupts);
    say(found & FACES_PENDING_DONE);
    for (i = 0; i < FACES_ANSWER_SIZE; i++)
        say(answer[i]);
    say(faces_get_steps(FACES_BASE));
    say(faces_get_nearest(FACES_BASE));
    say(faces_get_distance(FACES_BASE));
}

/* all cues by one DMA, and all answers by another */
static void streams(void)
{
    static uint16_t answers[sizeof cues / sizeof cues[0]][FACES_ANSWER_SIZE + 3] __attribute__((aligned(4)));
    unsigned q, i;
    faces_stream(FACES_BASE, 1);
    say(0x50000u | (faces_get_status(FACES_BASE) & FACES_STATUS_READY));
    dma_begin(ANSWERS_DMA, (uint32_t)(uintptr_t)answers, sizeof answers);
    dma_begin(CUES_DMA, (uint32_t)(uintptr_t)cues, sizeof cues);
    while (!DMA_DONE(ANSWERS_DMA))
        ;
    faces_stream(FACES_BASE, 0);
    for (q = 0; q < sizeof cues / sizeof cues[0]; q++)
        for (i = 0; i < FACES_ANSWER_SIZE + 3; i++)
            say(*(volatile uint16_t *)&answers[q][i]);
}

int main(void)
{
    faces_info info = {0, 0, 0};
    say(0x50000u | (unsigned)faces_present(FACES_BASE));
    recalls();
    waits(1);
    streams();
    say(0x50000u | (unsigned)faces_load(FACES_BASE, faces_load_0));
    recalls();
    streams();
    say(0x50000u | (unsigned)faces_store(FACES_BASE, cues[0], &info));
    say(info.steps & (FACES_STEPS_STORED | FACES_STEPS_NEAR | FACES_STEPS_FULL));
    say(0x50000u | (unsigned)faces_forget(FACES_BASE, 0));
    recalls();
    say(0x5dead);
    for (;;)
        ;
}

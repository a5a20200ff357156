/* What the CPU of the system does: it recalls, loads, stores and forgets by the header of the memory, and says what came out, a word
   at a time, by a CSR. */
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

int main(void)
{
    faces_info info = {0, 0, 0};
    say(0x50000u | (unsigned)faces_present(FACES_BASE));
    recalls();
    say(0x50000u | (unsigned)faces_load(FACES_BASE, faces_load_0));
    recalls();
    say(0x50000u | (unsigned)faces_store(FACES_BASE, cues[0], &info));
    say(info.steps & (FACES_STEPS_STORED | FACES_STEPS_NEAR | FACES_STEPS_FULL));
    say(0x50000u | (unsigned)faces_forget(FACES_BASE, 0));
    recalls();
    say(0x5dead);
    for (;;)
        ;
}

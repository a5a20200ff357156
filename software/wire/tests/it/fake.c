#include <stdio.h>
#include <string.h>

#define BASE 0x1000u
#define CHECK(what) do { if (!(what)) { fprintf(stderr, "line %d: %s\n", __LINE__, #what); return 1; } } while (0)

static uint16_t written[64], reply[16];
static unsigned count, finals, polls, left, taken;
/* replies of one word to requests one after the other; the first has a word more */
static uint16_t scripted[5];
static unsigned lines, line;

/* every word is there at the third look */
uint32_t fake_read(uintptr_t address)
{
    switch (address - BASE) {
    case HOPGATE_AXIL_STATUS:
        if (++polls % 3)
            return 0;
        return HOPGATE_AXIL_STATUS_READY | HOPGATE_AXIL_STATUS_AWAKE | HOPGATE_AXIL_STATUS_ANSWER | HOPGATE_AXIL_STATUS_DONE
             | (left ? HOPGATE_AXIL_STATUS_REPLY : 0u) | (left == 1 ? HOPGATE_AXIL_STATUS_LAST : 0u);
    case HOPGATE_AXIL_ANSWER:
        return 0xfff0u + taken++;
    case HOPGATE_AXIL_REPLY: if (lines && line) {
        left = 0;
        return scripted[line];
    } else {
        const uint16_t word = reply[0];
        left--;
        memmove(reply, reply + 1, sizeof reply - sizeof reply[0]);
        return word;
    }
    case HOPGATE_AXIL_ID:
        return 0x4748u;
    case HOPGATE_AXIL_OPTIONS:
        return HOPGATE_AXIL_BUILT;
    case HOPGATE_AXIL_CUE_WORDS:
        return 3;
    case HOPGATE_AXIL_ANSWER_WORDS:
        return 6;
    default:
        return 0x8001u;
    }
}

void fake_write(uintptr_t address, uint32_t word)
{
    if (address - BASE == HOPGATE_AXIL_FINAL) {
        finals++;
        if (lines && (line = finals - 1))
            left = 1;
    }
    written[count++] = (uint16_t)word;
}

static void replies(uint16_t header, uint16_t first, uint16_t second, uint16_t third, unsigned words)
{
    const uint16_t all[10] = {header, first, second, third, 14, 15, 16, 0x4801u, 18, 19};
    memcpy(reply, all, sizeof all);
    left = words;
    count = finals = 0;
}

static void script(uint16_t first, uint16_t word, uint16_t a, uint16_t b, uint16_t c, uint16_t d)
{
    replies(first, word, 0, 0, 2);
    lines = 1;
    line = 0;
    scripted[1] = a;
    scripted[2] = b;
    scripted[3] = c;
    scripted[4] = d;
}

int main(void)
{
    const uint16_t cue[3] = {1, 2, 3}, load[] = {2, 0x112, 7, 3, 0x112, 8, 9, 0};
    hopgate_axil_info info;
    hopgate_axil_class found;
    uint16_t patterns;
    CHECK(hopgate_axil_present(BASE));
    found = hopgate_axil_classify(BASE, cue, &info);
    CHECK(count == 3 && !memcmp(written, cue, sizeof cue));
    CHECK(found.best == 0xfff0u && found.second == 0xfff1u && found.score == (int32_t)0xfff3fff2 && found.margin == (int32_t)0xfff5fff4);
    CHECK(info.steps == 0x8001u);
    replies(0x196, 0x8801u, 4, 5, 4);
    CHECK(!hopgate_axil_store(BASE, 9, cue, &info) && info.steps == 0x8801u && info.nearest == 4 && info.distance == 5);
    CHECK(count == 5 && finals == 1 && written[0] == 0x116 && written[1] == 9 && written[4] == 3);
    {
        uint16_t answer[6] = {0, 0, 0, 0, 0, 0};
        replies(0x199, 11, 12, 13, 10);
        CHECK(!hopgate_axil_learn(BASE, 65535, cue, answer, &info) && answer[0] == 11 && answer[5] == 16);
        CHECK(info.steps == 0x4801u && info.nearest == 18 && info.distance == 19);
        CHECK(count == 5 && finals == 1 && written[0] == 0x119 && written[1] == 65535 && written[2] == 1 && written[4] == 3);
        replies(0x190, 10, 0, 0, 3);
        CHECK(hopgate_axil_learn(BASE, 0, cue, answer, &info) == 10);
    }
    replies(0x191, 12, 0, 0, 2);
    CHECK(!hopgate_axil_count(BASE, &patterns) && patterns == 12 && written[2] == 70);
    replies(0x190, 10, 0, 0, 3);
    CHECK(hopgate_axil_page(BASE, 1, &patterns) == 10);
    replies(0x197, 0, 0, 0, 1);
    CHECK(hopgate_axil_page(BASE, 1, &patterns) == -1);
    /* a load: the number of the last one, then begin, two writes, and commit; or a write that is refused */
    script(0x191, 6, 0x192, 0x192, 0x192, 0x192);
    CHECK(hopgate_axil_load(BASE, load) == 0 && finals == 5 && count == 4 + 4 + 2 + 3 + 4);
    CHECK(written[6] == 96 && written[7] == 7 && written[8] == 0x112 && written[15] == 97 && written[16] == 7);
    script(0x191, 6, 0x192, 0x192, 0x190, 0x192);
    CHECK(hopgate_axil_load(BASE, load) != 0 && finals == 4 && count == 4 + 4 + 2 + 3);
    return 0;
}

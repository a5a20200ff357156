/* A register file in C: what the header's accessors meet in the test. */
uint32_t fake_read(uintptr_t address);
void fake_write(uintptr_t address, uint32_t word);
#define HOPGATE_READ(address) fake_read(address)
#define HOPGATE_WRITE(address, word) fake_write(address, word)

#include "CFloor.h"

// Valgrind's client request for x86-64 (valgrind.h): rotations that do nothing on a processor.
static void request(uint64_t code, uint64_t argument) {
    volatile uint64_t words[6] = {code, argument, 0, 0, 0, 0};
    uint64_t answer = 0;
    __asm__ volatile(
        "rolq $3, %%rdi; rolq $13, %%rdi; rolq $61, %%rdi; rolq $51, %%rdi; xchgq %%rbx, %%rbx"
        : "=d"(answer)
        : "a"(&words[0]), "0"(answer)
        : "cc", "memory");
}

// 'C', 'T' and the number of the request (callgrind.h).
enum { base = 'C' << 24 | 'T' << 16, zero = base + 1, dump = base + 3, start = base + 4, stop = base + 5 };

void cfloor_count_start(void) {
    request(start, 0);
    request(zero, 0);
}

void cfloor_count_end(const char *name) {
    request(dump, (uint64_t)name);
    request(stop, 0);
}

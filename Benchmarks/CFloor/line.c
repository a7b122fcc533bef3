// What two cores need at least to tell each other something.
#include "CFloor.h"

#include <immintrin.h>

static inline uint64_t look(const cfloor_line *line) {
    return __atomic_load_n(&line->value, __ATOMIC_ACQUIRE);
}

static inline void say(cfloor_line *line, uint64_t value) {
    __atomic_store_n(&line->value, value, __ATOMIC_RELEASE);
}

void cfloor_ping(cfloor_line *line, uint64_t first, uint64_t count, uint64_t *ticks) {
    for (uint64_t round = first; round < first + count; round++) {
        uint64_t start = __rdtsc();
        say(line, 2 * round + 1);
        while (look(line) != 2 * round + 2) _mm_pause();
        ticks[round - first] = __rdtsc() - start;
    }
}

void cfloor_pong(cfloor_line *line, uint64_t first, uint64_t count) {
    for (uint64_t round = first; round < first + count; round++) {
        while (look(line) != 2 * round + 1) _mm_pause();
        say(line, 2 * round + 2);
    }
}

void cfloor_stream_send(cfloor_stream *stream, uint64_t count) {
    uint64_t tail = stream->tail.value, head = stream->head.value;
    for (uint64_t sent = 0; sent < count; sent++) {
        while (tail - head > CFLOOR_STREAM_SLOTS - 1) head = look(&stream->head);
        stream->slots[tail++ & (CFLOOR_STREAM_SLOTS - 1)] = sent;
        say(&stream->tail, tail);
    }
}

uint64_t cfloor_stream_receive(cfloor_stream *stream, uint64_t count) {
    uint64_t tail = stream->tail.value, head = stream->head.value, sum = 0;
    for (uint64_t received = 0; received < count; received++) {
        while (head == tail) tail = look(&stream->tail);
        sum += stream->slots[head++ & (CFLOOR_STREAM_SLOTS - 1)];
        say(&stream->head, head);
    }
    return sum;
}

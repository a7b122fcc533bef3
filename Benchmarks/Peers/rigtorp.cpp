// rigtorp's SPSCQueue, measured as `apus bench ring` measures our ring: its two ends as its own
// benchmark uses them, with the pause and the time stamps of the floor.
// Built by scripts/peers from a checkout of that repository; no part of the package.
#include <rigtorp/SPSCQueue.h>

#include <cstdint>
#include <immintrin.h>

#define TEXT(word) #word
#define WORDS(word) TEXT(word)

using Ring = rigtorp::SPSCQueue<uint64_t>;

static Ring &ring(void *pointer) { return *static_cast<Ring *>(pointer); }

extern "C" const char *peer_name(void) { return "rigtorp SPSCQueue " WORDS(PEER_VERSION); }

extern "C" void *peer_ring_make(size_t capacity) { return new Ring(capacity); }

extern "C" void peer_ring_destroy(void *pointer) { delete static_cast<Ring *>(pointer); }

extern "C" void peer_ring_ping(void *there, void *back, uint64_t count, uint64_t *ticks) {
    Ring &outgoing = ring(there), &incoming = ring(back);
    for (uint64_t round = 0; round < count; round++) {
        uint64_t start = __rdtsc();
        outgoing.push(round);
        while (!incoming.front()) _mm_pause();
        incoming.pop();
        ticks[round] = __rdtsc() - start;
    }
}

extern "C" void peer_ring_pong(void *there, void *back, uint64_t count) {
    Ring &incoming = ring(there), &outgoing = ring(back);
    for (uint64_t round = 0; round < count; round++) {
        uint64_t *value = incoming.front();
        while (!value) {
            _mm_pause();
            value = incoming.front();
        }
        outgoing.push(*value);
        incoming.pop();
    }
}

extern "C" void peer_ring_send(void *pointer, uint64_t count) {
    Ring &outgoing = ring(pointer);
    for (uint64_t number = 0; number < count; number++) outgoing.push(number);
}

extern "C" uint64_t peer_ring_receive(void *pointer, uint64_t count) {
    Ring &incoming = ring(pointer);
    uint64_t sum = 0;
    for (uint64_t received = 0; received < count; received++) {
        uint64_t *value = incoming.front();
        while (!value) value = incoming.front();
        sum += *value;
        incoming.pop();
    }
    return sum;
}

// The least way through the kernel: non-blocking calls in a loop, no readiness, no sleep.
#include "CFloor.h"

#include <immintrin.h>

#include "stream.h"

// All of `count` bytes; 0 when the connection has ended.
static int send_all(int socket, const uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(socket, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && !would_block()) return 0;
        if (sent <= 0) continue;
        bytes += sent;
        count -= (size_t)sent;
    }
    return 1;
}

static int receive_all(int socket, uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t got = recv(socket, bytes, count, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && !would_block())) return 0;
        if (got < 0) continue;
        bytes += got;
        count -= (size_t)got;
    }
    return 1;
}

void cfloor_echo(int socket, size_t bytes) {
    uint8_t message[4096];
    if (bytes > sizeof message) return;
    while (receive_all(socket, message, bytes) && send_all(socket, message, bytes)) {}
}

size_t cfloor_call(int socket, size_t bytes, size_t count, uint64_t *ticks) {
    uint8_t message[4096] = {0};
    if (bytes > sizeof message) return 0;
    for (size_t index = 0; index < count; index++) {
        uint64_t start = __rdtsc();
        if (!send_all(socket, message, bytes) || !receive_all(socket, message, bytes))
            return index;
        ticks[index] = __rdtsc() - start;
    }
    return count;
}

size_t cfloor_trader(cfloor_desk *desk, int market, int orders, size_t count) {
    static _Thread_local floor_records records;
    uint8_t order[1024];
    records.start = records.end = 0;
    for (size_t taken = 0; taken < count;) {
        if (floor_fill(&records, market) < 0) return taken;
        for (const uint8_t *record; (record = floor_next(&records)); taken++) {
            size_t length = cfloor_desk_decide(desk, record, order);
            if (length > 0 && !send_all(orders, order, length)) return taken;
        }
    }
    return count;
}

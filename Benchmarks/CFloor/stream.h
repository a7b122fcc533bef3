#pragma once

#include <errno.h>
#include <immintrin.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

static inline int would_block(void) {
    return errno == EAGAIN || errno == EINTR;
}

// Records as they arrive on a socket, whole ones first.
typedef struct {
    uint8_t bytes[1 << 18];
    size_t start, end;
} floor_records;

// What has arrived, if anything; -1 when the connection has ended.
static inline int floor_fill(floor_records *records, int socket) {
    if (records->start == records->end) records->start = records->end = 0;
    if (records->end > sizeof records->bytes / 2) {
        memmove(records->bytes, records->bytes + records->start, records->end - records->start);
        records->end -= records->start;
        records->start = 0;
    }
    // Opening a record reads up to 16 bytes behind it.
    size_t room = sizeof records->bytes - 64 - records->end;
    ssize_t got = recv(socket, records->bytes + records->end, room, MSG_DONTWAIT);
    if (got > 0) {
        records->end += (size_t)got;
        return 1;
    }
    return got < 0 && would_block() ? 0 : -1;
}

// Between two looks at a socket: whoever asks without a pause holds the socket's lock when the
// sender wants to deliver.
static inline void floor_rest(void) {
    for (int turn = 0; turn < 8; turn++) _mm_pause();
}

// The next whole record, or NULL.
static inline const uint8_t *floor_next(floor_records *records) {
    size_t count = records->end - records->start;
    const uint8_t *record = records->bytes + records->start;
    if (count < 5) return NULL;
    size_t length = 5 + ((size_t)record[3] << 8 | record[4]);
    if (count < length) return NULL;
    records->start += length;
    return record;
}

#include "CFloor.h"

#include <immintrin.h>
#include <string.h>

// A record of a length, a checksum, a sequence, a time and a payload, the length last.
size_t cfloor_journal(
    uint8_t *memory, size_t room, size_t offset, const uint8_t *payload, size_t bytes, size_t count
) {
    size_t length = 24 + (bytes + 7) / 8 * 8;
    for (size_t index = 0; index < count; index++) {
        if (offset + length > room) offset = 0;
        uint8_t *record = memory + offset;
        uint64_t sequence = index, check = 0;
        memcpy(record + 8, &sequence, 8);
        memcpy(record + 16, &index, 8);
        memcpy(record + 24, payload, bytes);
        for (size_t at = 8; at < length; at += 8) {
            uint64_t word;
            memcpy(&word, record + at, 8);
            check = _mm_crc32_u64(check, word);
        }
        uint32_t sum = (uint32_t)check;
        memcpy(record + 4, &sum, 4);
        __atomic_store_n((uint32_t *)record, (uint32_t)length, __ATOMIC_RELEASE);
        offset += length;
    }
    return offset;
}

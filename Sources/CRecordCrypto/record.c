// Keys and records over the implementations. A switch and direct calls, no function pointers: an
// indirect call can cost more than a tenth of a short record.
#include "key.h"

#include <stdlib.h>

int crecord_crypto_runs(int implementation) {
    __builtin_cpu_init();
    int has_block =
        __builtin_cpu_supports("aes") && __builtin_cpu_supports("pclmul")
        && __builtin_cpu_supports("avx2");
    int has_vector = has_block && __builtin_cpu_supports("vaes")
        && __builtin_cpu_supports("vpclmulqdq");
    switch (implementation) {
    case CRECORD_CRYPTO_AESNI: return has_block;
    case CRECORD_CRYPTO_VAES256: return has_vector;
    case CRECORD_CRYPTO_VAES512:
        return has_vector && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("avx512f")
            && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
            && __builtin_cpu_supports("avx512vl");
    default: return 0;
    }
}

int crecord_crypto_best(void) {
    int implementation = CRECORD_CRYPTO_VAES512;
    while (implementation > CRECORD_CRYPTO_NONE && !crecord_crypto_runs(implementation))
        implementation--;
    return implementation;
}

crecord_crypto_key *crecord_crypto_create(int implementation) {
    if (!crecord_crypto_runs(implementation)) return NULL;
    size_t size = (sizeof(crecord_crypto_key) + 63) / 64 * 64;
    crecord_crypto_key *key = aligned_alloc(64, size);
    if (!key) return NULL;
    wipe(key, sizeof *key);
    key->implementation = implementation;
    return key;
}

void crecord_crypto_destroy(crecord_crypto_key *key) {
    if (!key) return;
    wipe(key, sizeof *key);
    free(key);
}

// Overwrites what the expansion of a key has left on the stack below this frame.
static __attribute__((noinline)) void wipe_stack(void) {
    uint8_t below[2048];
    wipe(below, sizeof below);
}

NONBLOCKING void crecord_crypto_set(
    crecord_crypto_key *key, const uint8_t *bytes, size_t count, const uint8_t *iv
) {
    uint8_t block[BLOCK] = {0};
    __builtin_memcpy(block, iv, CRECORD_CRYPTO_IV);
    key->iv = _mm_loadu_si128((const __m128i *)block);
    crecord_crypto_expand(key, bytes, count);
    wipe(block, sizeof block);
    wipe_stack();
}

static __m128i sealed_tag(const crecord_crypto_key *key, const crecord_crypto_message *message) {
    switch (key->implementation) {
    case CRECORD_CRYPTO_VAES512: return crecord_crypto_vaes512_seal(key, message);
    case CRECORD_CRYPTO_VAES256: return crecord_crypto_vaes256_seal(key, message);
    default: return crecord_crypto_aesni_seal(key, message);
    }
}

static __m128i opened_tag(const crecord_crypto_key *key, const crecord_crypto_message *message) {
    switch (key->implementation) {
    case CRECORD_CRYPTO_VAES512: return crecord_crypto_vaes512_open(key, message);
    case CRECORD_CRYPTO_VAES256: return crecord_crypto_vaes256_open(key, message);
    default: return crecord_crypto_aesni_open(key, message);
    }
}

// The IV with the sequence number, in network order, added to its last eight bytes (section 5.3).
static inline __m128i nonce_of(const crecord_crypto_key *key, uint64_t sequence) {
    uint64_t bytes = __builtin_bswap64(sequence);
    __m128i number = _mm_set_epi64x((long long)(bytes >> 32), (long long)(bytes << 32));
    return _mm_xor_si128(key->iv, number);
}

// The header is the associated data (section 5.2).
static inline __m128i header_block(uint64_t header) {
    return _mm_set_epi64x(0, (long long)(header & 0xffffffffff));
}

NONBLOCKING void crecord_crypto_seal(
    const crecord_crypto_key *key, uint64_t sequence, const uint8_t *content, size_t count,
    uint8_t type, uint8_t *record
) {
    uint64_t length = count + 1 + CRECORD_CRYPTO_TAG;
    uint64_t header = 0x030317 | (length >> 8) << 24 | (length & 0xff) << 32;
    crecord_crypto_message message = {
        .nonce = nonce_of(key, sequence),
        .associated = header_block(header),
        .associated_bits = CRECORD_CRYPTO_HEADER * 8,
        .text = content,
        .count = count,
        .output = record + CRECORD_CRYPTO_HEADER,
        .type = type,
    };
    __builtin_memcpy(record, &header, CRECORD_CRYPTO_HEADER);
    __m128i tag = sealed_tag(key, &message);
    _mm_storeu_si128((__m128i *)(record + CRECORD_CRYPTO_HEADER + count + 1), tag);
}

NONBLOCKING int crecord_crypto_open(
    const crecord_crypto_key *key, uint64_t sequence, const uint8_t *record, size_t length,
    uint8_t *inner
) {
    size_t count = length - CRECORD_CRYPTO_TAG;
    uint64_t header;
    __builtin_memcpy(&header, record, sizeof header);
    // Read before the text, which may be written over it.
    __m128i wanted =
        _mm_loadu_si128((const __m128i *)(record + CRECORD_CRYPTO_HEADER + count));
    crecord_crypto_message message = {
        .nonce = nonce_of(key, sequence),
        .associated = header_block(header),
        .associated_bits = CRECORD_CRYPTO_HEADER * 8,
        .text = record + CRECORD_CRYPTO_HEADER,
        .count = count,
        .output = inner,
        .type = -1,
    };
    __m128i difference = _mm_xor_si128(opened_tag(key, &message), wanted);
    if (_mm_testz_si128(difference, difference)) return 1;
    wipe(inner, count);
    return 0;
}

void crecord_crypto_seal_plain(
    const crecord_crypto_key *key, const uint8_t *nonce, const uint8_t *associated,
    size_t associated_count, const uint8_t *text, size_t count, uint8_t *sealed
) {
    uint8_t nonce_block[BLOCK] = {0};
    uint8_t associated_block[BLOCK] = {0};
    __builtin_memcpy(nonce_block, nonce, CRECORD_CRYPTO_IV);
    __builtin_memcpy(associated_block, associated, associated_count);
    crecord_crypto_message message = {
        .nonce = _mm_loadu_si128((const __m128i *)nonce_block),
        .associated = _mm_loadu_si128((const __m128i *)associated_block),
        .associated_bits = associated_count * 8,
        .text = text,
        .count = count,
        .output = sealed,
        .type = -1,
    };
    _mm_storeu_si128((__m128i *)(sealed + count), sealed_tag(key, &message));
}

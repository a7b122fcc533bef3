// VAES and VPCLMULQDQ on 32 bytes, for processors without AVX-512.
#pragma clang attribute push( \
    __attribute__((target("aes,pclmul,avx2,vaes,vpclmulqdq"))), apply_to = function)
#include "part.h"

#define NAME(action) crecord_crypto_vaes256_##action
#define LANES 2
#define VECTOR __m256i

INLINE VECTOR vector_zero(void) { return _mm256_setzero_si256(); }
INLINE VECTOR vector_load(const void *bytes) { return _mm256_loadu_si256(bytes); }
INLINE void vector_store(void *bytes, VECTOR vector) { _mm256_storeu_si256(bytes, vector); }
INLINE VECTOR vector_repeat(const __m128i *block) { return _mm256_broadcastsi128_si256(*block); }
INLINE VECTOR vector_from_block(__m128i block) { return _mm256_zextsi128_si256(block); }
INLINE VECTOR vector_xor(VECTOR left, VECTOR right) { return _mm256_xor_si256(left, right); }
INLINE VECTOR vector_add(VECTOR left, VECTOR right) { return _mm256_add_epi32(left, right); }
#define vector_multiply(left, right, halves) _mm256_clmulepi64_epi128(left, right, halves)

INLINE __m128i vector_folded(VECTOR vector) {
    return _mm_xor_si128(_mm256_castsi256_si128(vector), _mm256_extracti128_si256(vector, 1));
}

INLINE VECTOR vector_reversed(VECTOR vector) {
    const __m128i order = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm256_shuffle_epi8(vector, _mm256_broadcastsi128_si256(order));
}

INLINE VECTOR vector_encrypt(VECTOR blocks, VECTOR round_key) {
    return _mm256_aesenc_epi128(blocks, round_key);
}

INLINE VECTOR vector_encrypt_last(VECTOR blocks, VECTOR round_key) {
    return _mm256_aesenclast_epi128(blocks, round_key);
}

INLINE VECTOR vector_step(void) { return _mm256_set_epi32(2, 0, 0, 0, 2, 0, 0, 0); }

INLINE VECTOR vector_first_counter(__m128i nonce) {
    return _mm256_or_si256(
        _mm256_broadcastsi128_si256(nonce), _mm256_set_epi32(3, 0, 0, 0, 2, 0, 0, 0));
}

INLINE VECTOR vector_counter_bytes(VECTOR counter) {
    const __m128i order = _mm_set_epi8(12, 13, 14, 15, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    return _mm256_shuffle_epi8(counter, _mm256_broadcastsi128_si256(order));
}

INLINE size_t beyond_block(size_t count) { return count > BLOCK ? count - BLOCK : 0; }

// The second block is touched only when something of it is inside.
INLINE VECTOR vector_load_part(const uint8_t *text, size_t count, size_t inner, int type) {
    __m128i first = block_load_part(text, count, inner, type);
    if (inner <= BLOCK) return vector_from_block(first);
    __m128i second =
        block_load_part(text + BLOCK, beyond_block(count), beyond_block(inner), type);
    return _mm256_set_m128i(second, first);
}

INLINE VECTOR vector_part(VECTOR vector, size_t count) {
    return _mm256_and_si256(
        vector, _mm256_set_m128i(block_mask(beyond_block(count)), block_mask(count)));
}

INLINE void vector_store_part(uint8_t *output, VECTOR vector, size_t count) {
    block_store(output, _mm256_castsi256_si128(vector));
    if (count > BLOCK) block_store(output + BLOCK, _mm256_extracti128_si256(vector, 1));
}

#include "kernel.h"

#pragma clang attribute pop

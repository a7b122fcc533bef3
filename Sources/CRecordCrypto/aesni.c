// AES-NI and PCLMULQDQ, a block at a time, eight of them in flight.
#pragma clang attribute push(__attribute__((target("aes,pclmul,avx2"))), apply_to = function)
#include "part.h"

#define NAME(action) crecord_crypto_aesni_##action
#define LANES 1
#define VECTOR __m128i

INLINE VECTOR vector_zero(void) { return _mm_setzero_si128(); }
INLINE VECTOR vector_load(const void *bytes) { return block_load(bytes); }
INLINE void vector_store(void *bytes, VECTOR vector) { block_store(bytes, vector); }
INLINE VECTOR vector_repeat(const __m128i *block) { return *block; }
INLINE VECTOR vector_from_block(__m128i block) { return block; }
INLINE __m128i vector_folded(VECTOR vector) { return vector; }
INLINE VECTOR vector_xor(VECTOR left, VECTOR right) { return _mm_xor_si128(left, right); }
INLINE VECTOR vector_add(VECTOR left, VECTOR right) { return _mm_add_epi32(left, right); }
INLINE VECTOR vector_reversed(VECTOR vector) { return block_reversed(vector); }
#define vector_multiply(left, right, halves) _mm_clmulepi64_si128(left, right, halves)

INLINE VECTOR vector_encrypt(VECTOR blocks, VECTOR round_key) {
    return _mm_aesenc_si128(blocks, round_key);
}

INLINE VECTOR vector_encrypt_last(VECTOR blocks, VECTOR round_key) {
    return _mm_aesenclast_si128(blocks, round_key);
}

INLINE VECTOR vector_step(void) { return _mm_set_epi32(1, 0, 0, 0); }

INLINE VECTOR vector_first_counter(__m128i nonce) {
    return _mm_or_si128(nonce, _mm_set_epi32(2, 0, 0, 0));
}

INLINE VECTOR vector_counter_bytes(VECTOR counter) {
    return _mm_shuffle_epi8(
        counter, _mm_set_epi8(12, 13, 14, 15, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
}

INLINE VECTOR vector_load_part(const uint8_t *text, size_t count, size_t inner, int type) {
    return block_load_part(text, count, inner, type);
}

INLINE VECTOR vector_part(VECTOR vector, size_t count) { return block_part(vector, count); }

// Writes a whole block.
INLINE void vector_store_part(uint8_t *output, VECTOR vector, size_t count) {
    block_store(output, vector);
}

#include "kernel.h"

#pragma clang attribute pop

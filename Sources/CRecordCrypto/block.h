// One block at a time: what key expansion and every kernel need. Included behind a target pragma.
#ifndef CRECORD_CRYPTO_BLOCK_H
#define CRECORD_CRYPTO_BLOCK_H

#include "key.h"

#define INLINE static inline __attribute__((always_inline))

INLINE __m128i block_load(const void *bytes) { return _mm_loadu_si128(bytes); }

INLINE void block_store(void *bytes, __m128i block) { _mm_storeu_si128(bytes, block); }

INLINE __m128i block_reversed(__m128i block) {
    const __m128i order = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm_shuffle_epi8(block, order);
}

INLINE __m128i block_encrypted(const crecord_crypto_key *key, __m128i block) {
    block = _mm_xor_si128(block, key->round_keys[0]);
    for (int round = 1; round < 10; round++)
        block = _mm_aesenc_si128(block, key->round_keys[round]);
    if (key->rounds == MOST_ROUNDS)
        for (int round = 10; round < MOST_ROUNDS; round++)
            block = _mm_aesenc_si128(block, key->round_keys[round]);
    return _mm_aesenclast_si128(block, key->round_keys[key->rounds]);
}

// A 256-bit product in three overlapping parts, not yet reduced.
typedef struct {
    __m128i low;
    __m128i middle;
    __m128i high;
} block_product;

INLINE block_product block_multiplied(__m128i left, __m128i right) {
    block_product product;
    product.low = _mm_clmulepi64_si128(left, right, 0x00);
    product.middle = _mm_xor_si128(
        _mm_clmulepi64_si128(left, right, 0x01), _mm_clmulepi64_si128(left, right, 0x10));
    product.high = _mm_clmulepi64_si128(left, right, 0x11);
    return product;
}

// Modulo x^128 + x^7 + x^2 + x + 1 in reversed bits, a Montgomery reduction by 64 bits twice. The
// factor x that it lacks is in the powers of the hash key.
INLINE __m128i block_reduced(block_product product) {
    const __m128i polynomial = _mm_set_epi64x((long long)0xc200000000000000, 1);
    __m128i folded = _mm_clmulepi64_si128(polynomial, product.low, 0x01);
    __m128i swapped = _mm_shuffle_epi32(product.low, 0x4e);
    __m128i middle = _mm_xor_si128(_mm_xor_si128(product.middle, swapped), folded);
    folded = _mm_clmulepi64_si128(polynomial, middle, 0x01);
    swapped = _mm_shuffle_epi32(middle, 0x4e);
    return _mm_xor_si128(_mm_xor_si128(product.high, swapped), folded);
}

#endif

// The AES key schedule (FIPS 197) and the powers of the hash key.
#pragma clang attribute push(__attribute__((target("aes,pclmul,avx2"))), apply_to = function)
#include "block.h"

INLINE __m128i summed(__m128i words) {
    words = _mm_xor_si128(words, _mm_slli_si128(words, 4));
    words = _mm_xor_si128(words, _mm_slli_si128(words, 4));
    return _mm_xor_si128(words, _mm_slli_si128(words, 4));
}

// The next key of AES-128, and every other one of AES-256: the word is rotated and substituted.
#define ROTATED(words, previous, constant) \
    _mm_xor_si128( \
        summed(words), _mm_shuffle_epi32(_mm_aeskeygenassist_si128(previous, constant), 0xff))

// The remaining keys of AES-256: the word is only substituted.
#define SUBSTITUTED(words, previous) \
    _mm_xor_si128(summed(words), _mm_shuffle_epi32(_mm_aeskeygenassist_si128(previous, 0), 0xaa))

static void expand_128(__m128i *keys, const uint8_t *bytes) {
    keys[0] = block_load(bytes);
    keys[1] = ROTATED(keys[0], keys[0], 0x01);
    keys[2] = ROTATED(keys[1], keys[1], 0x02);
    keys[3] = ROTATED(keys[2], keys[2], 0x04);
    keys[4] = ROTATED(keys[3], keys[3], 0x08);
    keys[5] = ROTATED(keys[4], keys[4], 0x10);
    keys[6] = ROTATED(keys[5], keys[5], 0x20);
    keys[7] = ROTATED(keys[6], keys[6], 0x40);
    keys[8] = ROTATED(keys[7], keys[7], 0x80);
    keys[9] = ROTATED(keys[8], keys[8], 0x1b);
    keys[10] = ROTATED(keys[9], keys[9], 0x36);
}

static void expand_256(__m128i *keys, const uint8_t *bytes) {
    keys[0] = block_load(bytes);
    keys[1] = block_load(bytes + BLOCK);
    keys[2] = ROTATED(keys[0], keys[1], 0x01);
    keys[3] = SUBSTITUTED(keys[1], keys[2]);
    keys[4] = ROTATED(keys[2], keys[3], 0x02);
    keys[5] = SUBSTITUTED(keys[3], keys[4]);
    keys[6] = ROTATED(keys[4], keys[5], 0x04);
    keys[7] = SUBSTITUTED(keys[5], keys[6]);
    keys[8] = ROTATED(keys[6], keys[7], 0x08);
    keys[9] = SUBSTITUTED(keys[7], keys[8]);
    keys[10] = ROTATED(keys[8], keys[9], 0x10);
    keys[11] = SUBSTITUTED(keys[9], keys[10]);
    keys[12] = ROTATED(keys[10], keys[11], 0x20);
    keys[13] = SUBSTITUTED(keys[11], keys[12]);
    keys[14] = ROTATED(keys[12], keys[13], 0x40);
}

// H times x: shifted left by one, and what falls out is folded back without a branch.
static __m128i times_x(__m128i block) {
    const __m128i polynomial = _mm_set_epi64x((long long)0xc200000000000000, 1);
    __m128i signs = _mm_srai_epi32(_mm_shuffle_epi32(block, 0xff), 31);
    __m128i carried = _mm_slli_si128(_mm_srli_epi64(block, 63), 8);
    __m128i shifted = _mm_or_si128(_mm_slli_epi64(block, 1), carried);
    return _mm_xor_si128(shifted, _mm_and_si128(signs, polynomial));
}

NONBLOCKING void crecord_crypto_expand(
    crecord_crypto_key *key, const uint8_t *bytes, size_t count
) {
    key->rounds = count == 32 ? MOST_ROUNDS : 10;
    if (count == 32) expand_256(key->round_keys, bytes);
    else expand_128(key->round_keys, bytes);
    __m128i hash_key = block_reversed(block_encrypted(key, _mm_setzero_si128()));
    __m128i power = times_x(hash_key);
    __m128i factor = power;
    key->powers[POWERS - 1] = power;
    for (int index = POWERS - 2; index >= 0; index--) {
        power = block_reduced(block_multiplied(power, factor));
        key->powers[index] = power;
    }
    for (int index = POWERS; index < POWERS + POWERS_SLACK; index++)
        key->powers[index] = _mm_setzero_si128();
}

#pragma clang attribute pop

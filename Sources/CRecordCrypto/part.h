// Blocks that a text only partly fills, for processors without byte masks.
#ifndef CRECORD_CRYPTO_PART_H
#define CRECORD_CRYPTO_PART_H

#include "block.h"

// The first `count` bytes of a block, all of it from 16 on.
INLINE __m128i block_mask(size_t count) {
    const __m128i places = _mm_set_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    return _mm_cmpgt_epi8(_mm_set1_epi8(count < BLOCK ? (char)count : BLOCK), places);
}

INLINE __m128i block_part(__m128i block, size_t count) {
    return _mm_and_si128(block, block_mask(count));
}

// `count` bytes of text and, when `inner` is one more, the type. Reads a whole block.
INLINE __m128i block_load_part(const uint8_t *text, size_t count, size_t inner, int type) {
    __m128i text_mask = block_mask(count);
    __m128i type_mask = _mm_andnot_si128(text_mask, block_mask(inner));
    return _mm_or_si128(
        _mm_and_si128(block_load(text), text_mask),
        _mm_and_si128(_mm_set1_epi8((char)type), type_mask));
}

#endif

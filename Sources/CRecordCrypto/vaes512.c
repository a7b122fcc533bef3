// VAES and VPCLMULQDQ on 64 bytes, with AVX-512's byte masks for the end of a text.
#pragma clang attribute push( \
    __attribute__((target( \
        "aes,pclmul,avx2,bmi2,avx512f,avx512bw,avx512dq,avx512vl,vaes,vpclmulqdq"))), \
    apply_to = function)
#include "block.h"

#define NAME(action) crecord_crypto_vaes512_##action
#define LANES 4
#define VECTOR __m512i

INLINE VECTOR vector_zero(void) { return _mm512_setzero_si512(); }
INLINE VECTOR vector_load(const void *bytes) { return _mm512_loadu_si512(bytes); }
INLINE void vector_store(void *bytes, VECTOR vector) { _mm512_storeu_si512(bytes, vector); }
INLINE VECTOR vector_repeat(const __m128i *block) { return _mm512_broadcast_i32x4(*block); }
INLINE VECTOR vector_from_block(__m128i block) { return _mm512_zextsi128_si512(block); }
INLINE VECTOR vector_xor(VECTOR left, VECTOR right) { return _mm512_xor_si512(left, right); }
INLINE VECTOR vector_add(VECTOR left, VECTOR right) { return _mm512_add_epi32(left, right); }
#define vector_multiply(left, right, halves) _mm512_clmulepi64_epi128(left, right, halves)

INLINE __m128i vector_folded(VECTOR vector) {
    __m256i half = _mm256_xor_si256(
        _mm512_castsi512_si256(vector), _mm512_extracti64x4_epi64(vector, 1));
    return _mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

INLINE VECTOR vector_reversed(VECTOR vector) {
    const __m128i order = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm512_shuffle_epi8(vector, _mm512_broadcast_i32x4(order));
}

INLINE VECTOR vector_encrypt(VECTOR blocks, VECTOR round_key) {
    return _mm512_aesenc_epi128(blocks, round_key);
}

INLINE VECTOR vector_encrypt_last(VECTOR blocks, VECTOR round_key) {
    return _mm512_aesenclast_epi128(blocks, round_key);
}

INLINE VECTOR vector_step(void) {
    return _mm512_set_epi32(4, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0);
}

INLINE VECTOR vector_first_counter(__m128i nonce) {
    return _mm512_or_si512(
        _mm512_broadcast_i32x4(nonce),
        _mm512_set_epi32(5, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0));
}

INLINE VECTOR vector_counter_bytes(VECTOR counter) {
    const __m128i order = _mm_set_epi8(12, 13, 14, 15, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    return _mm512_shuffle_epi8(counter, _mm512_broadcast_i32x4(order));
}

// The first `count` bytes, all of them from 64 on.
INLINE __mmask64 byte_mask(size_t count) {
    return _bzhi_u64(~0ull, count < sizeof(VECTOR) ? (unsigned)count : sizeof(VECTOR));
}

INLINE VECTOR vector_load_part(const uint8_t *text, size_t count, size_t inner, int type) {
    __mmask64 text_mask = byte_mask(count);
    VECTOR bytes = _mm512_maskz_loadu_epi8(text_mask, text);
    return _mm512_mask_set1_epi8(bytes, byte_mask(inner) & ~text_mask, (char)type);
}

INLINE VECTOR vector_part(VECTOR vector, size_t count) {
    return _mm512_maskz_mov_epi8(byte_mask(count), vector);
}

INLINE void vector_store_part(uint8_t *output, VECTOR vector, size_t count) {
    _mm512_mask_storeu_epi8(output, byte_mask(count), vector);
}

#include "kernel.h"

#pragma clang attribute pop

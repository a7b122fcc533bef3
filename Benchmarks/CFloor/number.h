#pragma once

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

// Advances `at` past a literal; leaves the function with 0 when the text says something else.
#define EXPECT(at, literal) \
    do { \
        if (memcmp(at, literal, sizeof(literal) - 1) != 0) return 0; \
        at += sizeof(literal) - 1; \
    } while (0)

// Sixteen digits to two numbers of eight: the low half's, times 1e8, and the high half's.
static inline int64_t floor_sixteen_digits(__m128i digits) {
    const __m128i tens = _mm_set1_epi16(0x010a);
    const __m128i hundreds = _mm_set1_epi32(0x00010064);
    const __m128i myriads = _mm_set1_epi32(0x00012710);
    __m128i pairs = _mm_maddubs_epi16(digits, tens);
    __m128i fours = _mm_madd_epi16(pairs, hundreds);
    __m128i eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), myriads);
    uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights);
    return (int64_t)(both & 0xffffffff) * 100000000 + (int64_t)(both >> 32);
}

// Picks bytes `first` + i; bytes outside 0...15 become 0, because the sum saturates into the bit
// that clears a byte.
static inline __m128i floor_pick(__m128i bytes, __m128i pattern, unsigned first) {
    __m128i moved = _mm_add_epi8(pattern, _mm_set1_epi8((char)first));
    return _mm_shuffle_epi8(bytes, _mm_adds_epu8(moved, _mm_set1_epi8(0x70)));
}

// A decimal number and its closing quote, in units of 1e-8: at most eight digits before the point
// and eight behind it, fifteen characters together.
static inline int64_t floor_decimal(const uint8_t **at) {
    const __m128i pattern = _mm_set_epi8(8, 7, 6, 5, 4, 3, 2, 1, -1, -2, -3, -4, -5, -6, -7, -8);
    const __m128i places = _mm_set_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    __m128i text = _mm_loadu_si128((const __m128i *)*at);
    unsigned quotes = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8('"')));
    unsigned points = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8('.')));
    unsigned length = (unsigned)__builtin_ctz(quotes | 0x10000);
    unsigned whole = (unsigned)__builtin_ctz(points | 1u << length);
    __m128i isNumber = _mm_cmplt_epi8(places, _mm_set1_epi8((char)length));
    __m128i digits = _mm_and_si128(_mm_sub_epi8(text, _mm_set1_epi8('0')), isNumber);
    *at += length + 1;
    return floor_sixteen_digits(floor_pick(digits, pattern, whole));
}

// A whole number of at most sixteen digits; stops behind it.
static inline int64_t floor_integer(const uint8_t **at) {
    const __m128i pattern =
        _mm_set_epi8(-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12, -13, -14, -15, -16);
    __m128i digits =
        _mm_sub_epi8(_mm_loadu_si128((const __m128i *)*at), _mm_set1_epi8('0'));
    __m128i others = _mm_cmpeq_epi8(_mm_max_epu8(digits, _mm_set1_epi8(10)), digits);
    unsigned length = (unsigned)__builtin_ctz((unsigned)_mm_movemask_epi8(others) | 0x10000);
    *at += length;
    return floor_sixteen_digits(floor_pick(digits, pattern, length));
}

// The length of a word of at most fifteen characters up to its closing quote.
static inline unsigned floor_word(const uint8_t *at) {
    __m128i text = _mm_loadu_si128((const __m128i *)at);
    unsigned quotes = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8('"')));
    return (unsigned)__builtin_ctz(quotes | 0x10000);
}

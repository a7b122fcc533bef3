// Numbers in text, sixteen characters at a time.
//
// Swift has no instruction that gathers a bit of every byte, nor one that moves bytes by a computed
// pattern: both in a header, marked for the hot path, become part of the Swift that calls them.
// The conversion is W. Mula's (http://0x80.pl/articles/simd-parsing-int-sequences.html).

#ifndef CDIGITS_H
#define CDIGITS_H

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#define CDIGITS_HOT                                                                       \
    __attribute__((swift_attr("@_noLocks"), nonblocking, always_inline)) static inline

/// A number and the characters it takes; 0 characters when there is none of the form asked for.
typedef struct {
    int64_t value;
    int64_t count;
} cdigits_number;

/// `count`, by a branch of its own when it is `likely`: what lies behind a number then starts before
/// its end has been found, where the processor foresees the branch. The empty instructions keep the
/// compiler from seeing that both ways give the same, and from making a table of the branches.
#define CDIGITS_GUESS(count, likely)                                                      \
    if (count == likely) {                                                                \
        __typeof__(count) guess = likely;                                                 \
        __asm__ volatile("" : "+r"(guess));                                               \
        __builtin_assume(guess != 0);                                                     \
        return guess;                                                                     \
    }                                                                                     \
    __asm__("" : "+r"(count));

/// Digits of times in milliseconds, and of ids.
CDIGITS_HOT uint32_t cdigits_foreseen_integer(uint32_t count) {
    CDIGITS_GUESS(count, 13)
    CDIGITS_GUESS(count, 10)
    CDIGITS_GUESS(count, 11)
    CDIGITS_GUESS(count, 9)
    CDIGITS_GUESS(count, 8)
    return count;
}

/// Characters of a decimal with eight places: 0.00000001 to 999999.99999999.
CDIGITS_HOT uint32_t cdigits_foreseen_decimal(uint32_t count) {
    CDIGITS_GUESS(count, 10)
    CDIGITS_GUESS(count, 14)
    CDIGITS_GUESS(count, 13)
    CDIGITS_GUESS(count, 11)
    CDIGITS_GUESS(count, 12)
    return count;
}

/// Characters of a symbol.
CDIGITS_HOT int64_t cdigits_foreseen_name(int64_t count) {
    CDIGITS_GUESS(count, 7)
    CDIGITS_GUESS(count, 6)
    return count;
}

/// Characters of a stream's name with a symbol of seven: bookTicker, trade, aggTrade.
CDIGITS_HOT int64_t cdigits_foreseen_stream(int64_t count) {
    CDIGITS_GUESS(count, 18)
    CDIGITS_GUESS(count, 13)
    CDIGITS_GUESS(count, 16)
    return count;
}

/// Sixteen digit values, the first one lowest in memory, to one number.
CDIGITS_HOT int64_t cdigits_sixteen(__m128i digits) {
    __m128i pairs = _mm_maddubs_epi16(digits, _mm_set1_epi16(0x010a));
    __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00010064));
    __m128i eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), _mm_set1_epi32(0x00012710));
    uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights);
    return (int64_t)((both & 0xffffffff) * 100000000 + (both >> 32));
}

/// Marks the characters that are no digits, a bit each.
CDIGITS_HOT uint32_t cdigits_others(__m128i values) {
    __m128i others = _mm_cmpeq_epi8(_mm_max_epu8(values, _mm_set1_epi8(10)), values);
    return (uint32_t)_mm_movemask_epi8(others);
}

CDIGITS_HOT __m128i cdigits_values(const uint8_t *text) {
    __m128i characters = _mm_loadu_si128((const __m128i *)text);
    return _mm_sub_epi8(characters, _mm_set1_epi8('0'));
}

/// One to fifteen digits without a needless zero at their head. Reads 16 bytes.
CDIGITS_HOT cdigits_number cdigits_integer(const uint8_t *text) {
    const __m128i places =
        _mm_set_epi8(-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12, -13, -14, -15, -16);
    __m128i values = cdigits_values(text);
    uint32_t count = (uint32_t)__builtin_ctz(cdigits_others(values) | 0x10000);
    // Neither none nor sixteen, and a zero only by itself.
    if (count - 1 >= 15 || (*text == '0' && count > 1)) return (cdigits_number){-1, 0};
    // A place below zero clears its byte.
    __m128i from = _mm_add_epi8(places, _mm_set1_epi8((char)count));
    return (cdigits_number){
        cdigits_sixteen(_mm_shuffle_epi8(values, from)), cdigits_foreseen_integer(count)};
}

/// One to six digits, a point, eight digits and a quote, which is not counted: the number in units
/// of 1e-8. Reads 16 bytes.
CDIGITS_HOT cdigits_number cdigits_eight_decimals(const uint8_t *text) {
    const __m128i places = _mm_set_epi8(8, 7, 6, 5, 4, 3, 2, 1, -1, -2, -3, -4, -5, -6, -7, -8);
    __m128i values = cdigits_values(text);
    uint32_t others = cdigits_others(values) | 0x10000;
    uint32_t whole = (uint32_t)__builtin_ctz(others);
    uint32_t count = (uint32_t)__builtin_ctz((others & (others - 1)) | 0x10000);
    if (count - whole != 9 || whole == 0 || text[whole] != '.' || text[count] != '"') {
        return (cdigits_number){-1, 0};
    }
    __m128i from = _mm_add_epi8(places, _mm_set1_epi8((char)whole));
    return (cdigits_number){
        cdigits_sixteen(_mm_shuffle_epi8(values, from)), cdigits_foreseen_decimal(count)};
}

/// Characters before the first that a plain JSON string does not hold: quote, backslash, control
/// characters, and all beyond ASCII; 32 when there is none. Reads 32 bytes.
CDIGITS_HOT int64_t cdigits_plain_text(const uint8_t *text) {
    __m256i characters = _mm256_loadu_si256((const __m256i *)text);
    __m256i quotes = _mm256_cmpeq_epi8(characters, _mm256_set1_epi8('"'));
    __m256i escapes = _mm256_cmpeq_epi8(characters, _mm256_set1_epi8('\\'));
    // As signed bytes those beyond ASCII are below the control characters.
    __m256i others = _mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), characters);
    __m256i marks = _mm256_or_si256(_mm256_or_si256(quotes, escapes), others);
    return __builtin_ctzll((uint64_t)(uint32_t)_mm256_movemask_epi8(marks) | 1ull << 32);
}

#endif

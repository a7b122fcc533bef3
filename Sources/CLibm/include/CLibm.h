// The C library's mathematics, marked for the hot path.
//
// Swift refuses imported C functions under @_noLocks unless they carry the mark, and system headers
// cannot. None of these allocates, locks or calls the system; clang checks the bodies here against
// the same promise (-Wfunction-effects).

#ifndef CLIBM_H
#define CLIBM_H

#include <immintrin.h>
#include <stdbool.h>

#define CLIBM_HOT                                                                         \
    __attribute__((swift_attr("@_noLocks"), nonblocking, always_inline)) static inline

// One instruction for all inputs. The C library's own would set errno for negative numbers.
CLIBM_HOT double clibm_sqrt(double value) {
    return _mm_cvtsd_f64(_mm_sqrt_sd(_mm_setzero_pd(), _mm_set_sd(value)));
}

CLIBM_HOT __m256d clibm_sqrts(__m256d four) { return _mm256_sqrt_pd(four); }

// Without its fraction; for numbers below 2^63 in magnitude.
CLIBM_HOT long clibm_whole(double value) { return _mm_cvttsd_si64(_mm_set_sd(value)); }

// The larger of each two; Swift may take its own generic one apart.
CLIBM_HOT __m128d clibm_larger(__m128d one, __m128d other) { return _mm_max_pd(one, other); }
CLIBM_HOT __m128d clibm_smaller(__m128d one, __m128d other) { return _mm_min_pd(one, other); }

// Whether both are `limit` at most in magnitude; not where one is no number.
CLIBM_HOT bool clibm_reach_at_most(__m128d two, double limit) {
    __m128d sizes = _mm_andnot_pd(_mm_set1_pd(-0.0), two);
    __m128d meets = _mm_cmple_pd(sizes, _mm_set1_pd(limit));
    return _mm_testc_pd(meets, _mm_set1_pd(-0.0));
}

// Whether a number of `one` is above that of `other`, and whether both are: one branch for two.
CLIBM_HOT bool clibm_any_above(__m128d one, __m128d other) {
    return _mm_movemask_pd(_mm_cmpgt_pd(one, other)) != 0;
}

CLIBM_HOT bool clibm_both_above(__m128d one, __m128d other) {
    return _mm_movemask_pd(_mm_cmpgt_pd(one, other)) == 3;
}

// The larger of the two where it is above zero; 0 for the other, and for both where they are equal.
// Two numbers chosen on their own would become branches that nothing can foresee.
CLIBM_HOT __m128d clibm_larger_above_zero(__m128d two) {
    __m128d larger = _mm_cmpgt_pd(two, _mm_shuffle_pd(two, two, 1));
    return _mm_and_pd(larger, _mm_max_pd(two, _mm_setzero_pd()));
}

// Of each two, that of `one` where `left` is above `right`, else that of `other`.
CLIBM_HOT __m128d clibm_where_above(__m128d left, __m128d right, __m128d one, __m128d other) {
    return _mm_blendv_pd(other, one, _mm_cmpgt_pd(left, right));
}

// Of two pairs the one whose first number is larger; of equal ones the first pair.
CLIBM_HOT __m128d clibm_first_at_least(__m128d one, __m128d other) {
    return _mm_blendv_pd(other, one, _mm_movedup_pd(_mm_cmpge_pd(one, other)));
}

// `one` where the second number of `pair` is `limit` at most, else `other`.
CLIBM_HOT __m128d clibm_where_at_most(__m128d pair, double limit, __m128d one, __m128d other) {
    __m128d second = _mm_unpackhi_pd(pair, pair);
    return _mm_blendv_pd(other, one, _mm_cmple_pd(second, _mm_set1_pd(limit)));
}

CLIBM_HOT double clibm_floor(double value) {
    return _mm_cvtsd_f64(_mm_floor_sd(_mm_setzero_pd(), _mm_set_sd(value)));
}

CLIBM_HOT double clibm_ceil(double value) {
    return _mm_cvtsd_f64(_mm_ceil_sd(_mm_setzero_pd(), _mm_set_sd(value)));
}

CLIBM_HOT double clibm_log(double value) { return __builtin_log(value); }
CLIBM_HOT double clibm_log10(double value) { return __builtin_log10(value); }
CLIBM_HOT double clibm_exp(double value) { return __builtin_exp(value); }
CLIBM_HOT double clibm_pow(double base, double exponent) { return __builtin_pow(base, exponent); }

CLIBM_HOT double clibm_sin(double value) { return __builtin_sin(value); }
CLIBM_HOT double clibm_cos(double value) { return __builtin_cos(value); }
// Both at once, for the price of little more than one: the same numbers.
extern void sincos(double, double *, double *) __attribute__((nonblocking));
CLIBM_HOT __m128d clibm_sin_cos(double value) {
    double sine, cosine;
    sincos(value, &sine, &cosine);
    return _mm_set_pd(cosine, sine);
}
CLIBM_HOT double clibm_tan(double value) { return __builtin_tan(value); }
CLIBM_HOT double clibm_asin(double value) { return __builtin_asin(value); }
CLIBM_HOT double clibm_acos(double value) { return __builtin_acos(value); }
CLIBM_HOT double clibm_atan(double value) { return __builtin_atan(value); }
CLIBM_HOT double clibm_sinh(double value) { return __builtin_sinh(value); }
CLIBM_HOT double clibm_cosh(double value) { return __builtin_cosh(value); }
CLIBM_HOT double clibm_tanh(double value) { return __builtin_tanh(value); }

#endif

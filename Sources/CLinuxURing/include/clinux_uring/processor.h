#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <immintrin.h>
#include "annotations.h"

// The time stamp counter; Swift has no intrinsic for RDTSC.
CLINUX_URING_HOT uint64_t clinux_uring_rdtsc(void) { return __rdtsc(); }

// RDTSCP waits until earlier instructions have retired: for the end of a measured stretch.
CLINUX_URING_HOT uint64_t clinux_uring_rdtscp(void) {
    unsigned core;
    return __builtin_ia32_rdtscp(&core);
}

// Tells the core that this is a spin loop; Swift has no intrinsic for PAUSE.
CLINUX_URING_HOT void clinux_uring_pause(void) { _mm_pause(); }

// Swift has no prefetch intrinsic. Into all cache levels, for reading.
CLINUX_URING_HOT void clinux_uring_prefetch(const void *address) {
    __builtin_prefetch(address, 0, 3);
}

// As above, in the state that a write needs.
CLINUX_URING_HOT void clinux_uring_prefetch_write(const void *address) {
    __builtin_prefetch(address, 1, 3);
}

// `Double.squareRoot()` is refused under `@_noLocks` in 6.3; this is the same instruction. Not the
// builtin: that calls libm's sqrt for negative numbers, to set errno.
CLINUX_URING_HOT double clinux_uring_sqrt(double value) {
    return _mm_cvtsd_f64(_mm_sqrt_sd(_mm_setzero_pd(), _mm_set_sd(value)));
}

// What CPUID says of this processor, as far as Apus uses it.
typedef struct {
    bool has_invariant_tsc;
    bool has_rdtscp;
    bool has_sse42;
    bool has_avx2;
    bool has_bmi2;
    bool has_avx512f;
    bool has_aes;
    bool has_vaes;
    bool has_sha;
    bool is_hypervised;
    char model[49];
} clinux_uring_processor;

// CPUID is an instruction Swift cannot emit.
clinux_uring_processor clinux_uring_processor_read(void);

// The bound of the system clock's error in microseconds, -1 while nobody synchronises it
// (adjtimex(2)): glibc's module for Swift leaves it out.
int64_t clinux_uring_clock_error(void);

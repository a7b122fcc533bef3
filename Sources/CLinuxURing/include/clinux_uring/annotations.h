#pragma once

// A function that the hot path may call. Swift refuses unannotated C under `@_noLocks`, so the
// attribute is the permission; `nonblocking` makes clang (-Wfunction-effects) prove what Swift
// trusts: no allocation, no lock, no unknown call in the body.
#define CLINUX_URING_HOT \
    __attribute__((swift_attr("@_noLocks"), nonblocking, always_inline)) static inline

// The same permission for an entry into the kernel that never sleeps: the transport's own system
// calls (design law 4). Clang cannot look into libc, so the bodies stand between the two macros
// below, which switch its proof off for exactly these functions.
#define CLINUX_URING_KERNEL_ENTRIES_BEGIN \
    _Pragma("clang diagnostic push") \
    _Pragma("clang diagnostic ignored \"-Wunknown-warning-option\"") \
    _Pragma("clang diagnostic ignored \"-Wfunction-effects\"")
#define CLINUX_URING_KERNEL_ENTRIES_END _Pragma("clang diagnostic pop")

// Shows ThreadSanitizer the locks of Swift's Mutex; scripts/sanitize loads it before the tests.
//
// A Mutex that nobody else wants is one atomic word in instrumented code, which the sanitizer sees.
// When it is wanted, Swift's runtime goes through the kernel, and that library is not instrumented:
// the lock would look as if it ordered nothing. These are its three ways there, each with the word.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

// Of the sanitizer; absent in processes without it.
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *

#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK_SLOW "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slow(uint32_t thread, SELF word) __asm__(LOCK_SLOW);
SWIFT bool try_lock_slow(SELF word) __asm__(TRY_LOCK_SLOW);
SWIFT void unlock_slow(SELF word) __asm__(UNLOCK_SLOW);

SWIFT void lock_slow(uint32_t thread, SELF word) {
    SWIFT void (*next)(uint32_t, SELF) = dlsym(RTLD_NEXT, LOCK_SLOW);
    next(thread, word);
    if (__tsan_acquire) __tsan_acquire(word);
}

SWIFT bool try_lock_slow(SELF word) {
    SWIFT bool (*next)(SELF) = dlsym(RTLD_NEXT, TRY_LOCK_SLOW);
    bool is_taken = next(word);
    if (is_taken && __tsan_acquire) __tsan_acquire(word);
    return is_taken;
}

SWIFT void unlock_slow(SELF word) {
    SWIFT void (*next)(SELF) = dlsym(RTLD_NEXT, UNLOCK_SLOW);
    if (__tsan_release) __tsan_release(word);
    next(word);
}

#ifndef CALLOCATIONCOUNT_H
#define CALLOCATIONCOUNT_H

#include <stdint.h>

/// Calls of malloc, calloc, realloc, free, the aligned allocators, mmap and munmap so far by the
/// thread of this process whose name begins with `prefix`; -1 while there is none.
///
/// Linking this target replaces the C library's allocator entry points by counting ones.
int64_t allocation_count_of_thread(const char *prefix);

/// Calls so far by that thread that take or hand over a lock, held or not: mutexes, read-write locks,
/// conditions and semaphores of the C library, and futexes by `syscall`, as Swift's Mutex enters them
/// to wait.
int64_t lock_count_of_thread(const char *prefix);

/// From now on keeps who makes each of those calls on the living thread of that name, forgetting what
/// was kept before; 0 when there is no such thread. One thread at a time.
int watch_thread(const char *prefix);

/// Calls of the watched thread since; the first 65,536 are kept.
int64_t watched_call_count(void);

/// The return addresses of a call, innermost first; how many there are, 0 for a call that is not kept.
int32_t watched_call(int64_t number, int32_t *is_lock, void **callers, int32_t room);

/// The mangled name of the function with that address, NULL when nobody knows; not for hot code.
const char *name_of_function(const void *address);

#endif

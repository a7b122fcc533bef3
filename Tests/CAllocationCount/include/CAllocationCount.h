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

#endif

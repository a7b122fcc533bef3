#define _GNU_SOURCE
#include "CAllocationCount.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

// A slot a thread, in the order of their first allocation; threads beyond the table share the last.
enum { SLOTS = 8192 };
static struct {
    _Atomic int32_t thread;
    _Atomic int64_t count;
    _Atomic int64_t locks;
} slots[SLOTS];
static _Atomic int32_t used;
static _Thread_local int32_t own = -1;

static long enter_kernel(long number, long a, long b, long c, long d, long e, long f) {
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

static int32_t slot(void) {
    if (own < 0) {
        int32_t next = atomic_fetch_add(&used, 1);
        own = next < SLOTS ? next : SLOTS - 1;
        atomic_store(&slots[own].thread, (int32_t)enter_kernel(SYS_gettid, 0, 0, 0, 0, 0, 0));
    }
    return own;
}

static void count(void) {
    atomic_fetch_add_explicit(&slots[slot()].count, 1, memory_order_relaxed);
}

static void count_lock(void) {
    atomic_fetch_add_explicit(&slots[slot()].locks, 1, memory_order_relaxed);
}

// Locks: counted, then handed on to the C library's own.
#define HAND_ON(name, type, argument)                                        \
    int name(type argument) {                                                \
        static int (*_Atomic next)(type);                                    \
        count_lock();                                                        \
        if (!next) next = (int (*)(type))dlsym(RTLD_NEXT, #name);            \
        return next(argument);                                               \
    }
HAND_ON(pthread_mutex_lock, pthread_mutex_t *, mutex)
HAND_ON(pthread_mutex_trylock, pthread_mutex_t *, mutex)
HAND_ON(pthread_rwlock_rdlock, pthread_rwlock_t *, lock)
HAND_ON(pthread_rwlock_wrlock, pthread_rwlock_t *, lock)
HAND_ON(pthread_cond_signal, pthread_cond_t *, condition)
HAND_ON(pthread_cond_broadcast, pthread_cond_t *, condition)
HAND_ON(sem_wait, sem_t *, semaphore)
HAND_ON(sem_post, sem_t *, semaphore)

// Swift's Mutex comes by here when it has to wait.
long syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long);
    long d = va_arg(list, long), e = va_arg(list, long), f = va_arg(list, long);
    va_end(list);
    if (number == SYS_futex) count_lock();
    long result = enter_kernel(number, a, b, c, d, e, f);
    if (result > -4096 && result < 0) {
        errno = (int)-result;
        return -1;
    }
    return result;
}

void *malloc(size_t size) { count(); return __libc_malloc(size); }
void *calloc(size_t number, size_t size) { count(); return __libc_calloc(number, size); }
void *realloc(void *old, size_t size) { count(); return __libc_realloc(old, size); }
void *memalign(size_t alignment, size_t size) { count(); return __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}
int posix_memalign(void **place, size_t alignment, size_t size) {
    count();
    *place = __libc_memalign(alignment, size);
    return *place ? 0 : ENOMEM;
}
void free(void *memory) {
    if (!memory) return;
    count();
    __libc_free(memory);
}
void *mmap(void *place, size_t size, int protection, int flags, int file, off_t offset) {
    count();
    return (void *)syscall(SYS_mmap, place, size, protection, flags, file, offset);
}
int munmap(void *place, size_t size) { count(); return (int)syscall(SYS_munmap, place, size); }

static int has_name(int32_t thread, const char *prefix) {
    char path[64], name[32] = {0};
    snprintf(path, sizeof path, "/proc/self/task/%d/comm", thread);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t length = read(file, name, sizeof name - 1);
    close(file);
    return length > 0 && strncmp(name, prefix, strlen(prefix)) == 0;
}

// The slot of the living thread of that name, -1 for none.
static int32_t slot_of_thread(const char *prefix) {
    int32_t last = atomic_load(&used);
    for (int32_t place = (last < SLOTS ? last : SLOTS) - 1; place >= 0; place--) {
        // Numbers of ended threads come again: the newest with this number is the living one.
        if (has_name(atomic_load(&slots[place].thread), prefix)) return place;
    }
    return -1;
}

int64_t allocation_count_of_thread(const char *prefix) {
    int32_t place = slot_of_thread(prefix);
    return place < 0 ? -1 : atomic_load_explicit(&slots[place].count, memory_order_relaxed);
}

int64_t lock_count_of_thread(const char *prefix) {
    int32_t place = slot_of_thread(prefix);
    return place < 0 ? -1 : atomic_load_explicit(&slots[place].locks, memory_order_relaxed);
}

#else

int64_t allocation_count_of_thread(const char *prefix) { (void)prefix; return -1; }
int64_t lock_count_of_thread(const char *prefix) { (void)prefix; return -1; }

#endif

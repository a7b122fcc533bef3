#include "CAllocationCount.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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
static struct { _Atomic int32_t thread; _Atomic int64_t count; } slots[SLOTS];
static _Atomic int32_t used;
static _Thread_local int32_t own = -1;

static void count(void) {
    if (own < 0) {
        int32_t next = atomic_fetch_add(&used, 1);
        own = next < SLOTS ? next : SLOTS - 1;
        atomic_store(&slots[own].thread, (int32_t)syscall(SYS_gettid));
    }
    atomic_fetch_add_explicit(&slots[own].count, 1, memory_order_relaxed);
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

int64_t allocation_count_of_thread(const char *prefix) {
    int32_t last = atomic_load(&used);
    for (int32_t slot = (last < SLOTS ? last : SLOTS) - 1; slot >= 0; slot--) {
        // Numbers of ended threads come again: the newest with this number is the living one.
        if (has_name(atomic_load(&slots[slot].thread), prefix))
            return atomic_load_explicit(&slots[slot].count, memory_order_relaxed);
    }
    return -1;
}

#else

int64_t allocation_count_of_thread(const char *prefix) { (void)prefix; return -1; }

#endif

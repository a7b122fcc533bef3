#define _GNU_SOURCE
#include "CAllocationCount.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
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

// Who asked, of the one thread that is watched. Its own thread writes; `noted` is published last.
enum { CALLS = 1 << 16, DEPTH = 64 };
static struct {
    int32_t depth;
    int32_t is_lock;
    void *callers[DEPTH];
} calls[CALLS];
static _Atomic int32_t watched = -1;
static _Atomic int64_t noted;
static _Thread_local int is_noting;

static void note(int32_t place, int is_lock) {
    if (place != atomic_load_explicit(&watched, memory_order_acquire) || is_noting) return;
    is_noting = 1;
    int64_t next = atomic_load_explicit(&noted, memory_order_relaxed);
    if (next < CALLS) {
        calls[next].is_lock = is_lock;
        calls[next].depth = backtrace(calls[next].callers, DEPTH);
    }
    atomic_store_explicit(&noted, next + 1, memory_order_release);
    is_noting = 0;
}

static void count(void) {
    int32_t place = slot();
    atomic_fetch_add_explicit(&slots[place].count, 1, memory_order_relaxed);
    note(place, 0);
}

static void count_lock(void) {
    int32_t place = slot();
    atomic_fetch_add_explicit(&slots[place].locks, 1, memory_order_relaxed);
    note(place, 1);
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

int watch_thread(const char *prefix) {
    // The first backtrace of a process loads the unwinder, which allocates.
    void *here[2];
    backtrace(here, 2);
    atomic_store(&watched, -1);
    int32_t place = slot_of_thread(prefix);
    if (place < 0) return 0;
    atomic_store(&noted, 0);
    atomic_store_explicit(&watched, place, memory_order_release);
    return 1;
}

int64_t watched_call_count(void) { return atomic_load_explicit(&noted, memory_order_acquire); }

int32_t watched_call(int64_t number, int32_t *is_lock, void **callers, int32_t room) {
    if (number < 0 || number >= CALLS || number >= watched_call_count()) return 0;
    int32_t depth = calls[number].depth < room ? calls[number].depth : room;
    memcpy(callers, calls[number].callers, (size_t)depth * sizeof *callers);
    *is_lock = calls[number].is_lock;
    return depth;
}

// The executable's own functions, which dladdr does not know unless they are exported.
static struct {
    const ElfW(Sym) *symbols;
    size_t count;
    const char *names;
    uintptr_t base;
} own_table;

static int note_base(struct dl_phdr_info *info, size_t size, void *base) {
    (void)size;
    *(uintptr_t *)base = info->dlpi_addr;
    return 1;  // The executable comes first.
}

static void read_own_table(void) {
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    off_t size = lseek(file, 0, SEEK_END);
    const uint8_t *image = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, file, 0);
    close(file);
    if (image == MAP_FAILED) return;
    const ElfW(Ehdr) *header = (const void *)image;
    const ElfW(Shdr) *sections = (const void *)(image + header->e_shoff);
    for (int place = 0; place < header->e_shnum; place++) {
        if (sections[place].sh_type != SHT_SYMTAB) continue;
        own_table.symbols = (const void *)(image + sections[place].sh_offset);
        own_table.count = sections[place].sh_size / sizeof *own_table.symbols;
        own_table.names = (const char *)image + sections[sections[place].sh_link].sh_offset;
    }
    dl_iterate_phdr(note_base, &own_table.base);
}

const char *name_of_function(const void *address) {
    if (!own_table.symbols) read_own_table();
    uintptr_t place = (uintptr_t)address - own_table.base;
    for (size_t index = 0; index < own_table.count; index++) {
        const ElfW(Sym) *symbol = &own_table.symbols[index];
        if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC) continue;
        if (place - symbol->st_value < symbol->st_size)
            return own_table.names + symbol->st_name;
    }
    Dl_info found;
    return dladdr(address, &found) ? found.dli_sname : NULL;
}

#else

int64_t allocation_count_of_thread(const char *prefix) { (void)prefix; return -1; }
int64_t lock_count_of_thread(const char *prefix) { (void)prefix; return -1; }
int watch_thread(const char *prefix) { (void)prefix; return 0; }
int64_t watched_call_count(void) { return 0; }
int32_t watched_call(int64_t number, int32_t *is_lock, void **callers, int32_t room) {
    (void)number, (void)is_lock, (void)callers, (void)room;
    return 0;
}
const char *name_of_function(const void *address) { (void)address; return NULL; }

#endif

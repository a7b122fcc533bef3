#include "CLinuxURing.h"

#include <cpuid.h>
#include <errno.h>
#include <linux/capability.h>
#include <numa.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

clinux_uring_processor clinux_uring_processor_read(void) {
    clinux_uring_processor found;
    memset(&found, 0, sizeof found);
    unsigned a, b, c, d;
    if (__get_cpuid(1, &a, &b, &c, &d)) {
        found.has_sse42 = (c >> 20) & 1;
        found.has_aes = (c >> 25) & 1;
        found.is_hypervised = (c >> 31) & 1;
    }
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
        found.has_avx2 = (b >> 5) & 1;
        found.has_bmi2 = (b >> 8) & 1;
        found.has_avx512f = (b >> 16) & 1;
        found.has_sha = (b >> 29) & 1;
        found.has_vaes = (c >> 9) & 1;
    }
    if (__get_cpuid(0x80000001, &a, &b, &c, &d)) found.has_rdtscp = (d >> 27) & 1;
    if (__get_cpuid(0x80000007, &a, &b, &c, &d)) found.has_invariant_tsc = (d >> 8) & 1;
    for (unsigned leaf = 0; leaf < 3; leaf++) {
        unsigned words[4];
        if (!__get_cpuid(0x80000002 + leaf, &words[0], &words[1], &words[2], &words[3])) break;
        memcpy(found.model + leaf * 16, words, 16);
    }
    return found;
}

int clinux_uring_pin_to_core(int core) {
    if (core < 0 || core >= CPU_SETSIZE) return EINVAL;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    return pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

int clinux_uring_unpin(void) {
    cpu_set_t set;
    // The main thread's, which nothing here pins: what the process was started with.
    if (sched_getaffinity(getpid(), sizeof set, &set) != 0) return errno;
    return pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

int clinux_uring_allowed_cores(int *cores, int capacity) {
    cpu_set_t set;
    if (pthread_getaffinity_np(pthread_self(), sizeof set, &set) != 0) return 0;
    int count = 0;
    for (int core = 0; core < CPU_SETSIZE && count < capacity; core++) {
        if (CPU_ISSET(core, &set)) cores[count++] = core;
    }
    return count;
}

int clinux_uring_current_core(void) { return sched_getcpu(); }

int clinux_uring_set_fifo(int priority) {
    struct sched_param parameters = {.sched_priority = priority};
    return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);
}

int clinux_uring_set_ordinary(void) {
    struct sched_param parameters = {.sched_priority = 0};
    return pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameters);
}

int clinux_uring_name_thread(const char *name) {
    char kept[16] = {0};
    strncpy(kept, name, sizeof kept - 1);
    return pthread_setname_np(pthread_self(), kept);
}

void *clinux_uring_map(size_t byte_count, bool in_huge_pages) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | (in_huge_pages ? MAP_HUGETLB : 0);
    void *memory = mmap(NULL, byte_count, PROT_READ | PROT_WRITE, flags, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

int clinux_uring_unmap(void *memory, size_t byte_count) {
    return munmap(memory, byte_count) == 0 ? 0 : errno;
}

int clinux_uring_lock(const void *memory, size_t byte_count) {
    return mlock(memory, byte_count) == 0 ? 0 : errno;
}

int clinux_uring_populate(void *memory, size_t byte_count) {
    if (madvise(memory, byte_count, MADV_POPULATE_WRITE) == 0) return 0;
    if (errno != EINVAL) return errno;
    for (size_t offset = 0; offset < byte_count; offset += 4096) {
        volatile char *byte = (volatile char *)memory + offset;
        *byte = *byte;
    }
    return 0;
}

int clinux_uring_advise_huge(void *memory, size_t byte_count) {
    return madvise(memory, byte_count, MADV_HUGEPAGE) == 0 ? 0 : errno;
}

int clinux_uring_lock_process(void) {
    return mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0 ? 0 : errno;
}

int clinux_uring_forbid_core_dumps(void) {
    // A limit of 0 does not hold for a core_pattern that is a pipe, being undumpable does.
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) return errno;
    return prctl(PR_SET_DUMPABLE, 0) == 0 ? 0 : errno;
}

bool clinux_uring_is_dumpable(void) { return prctl(PR_GET_DUMPABLE) != 0; }

bool clinux_uring_may_lock_everything(void) {
    if (clinux_uring_lock_limit() < 0) return true;
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}, {0, 0, 0}};
    if (syscall(SYS_capget, &head, sets) != 0) return false;
    return (sets[0].effective & (1u << CAP_IPC_LOCK)) != 0;
}

int64_t clinux_uring_lock_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 0;
    return limit.rlim_cur == RLIM_INFINITY ? -1 : (int64_t)limit.rlim_cur;
}

int64_t clinux_uring_file_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    return limit.rlim_cur == RLIM_INFINITY ? -1 : (int64_t)limit.rlim_cur;
}

int clinux_uring_fifo_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_RTPRIO, &limit) != 0) return 0;
    return limit.rlim_cur > 99 ? 99 : (int)limit.rlim_cur;
}

int clinux_uring_node_of_core(int core) {
    return numa_available() < 0 ? -1 : numa_node_of_cpu(core);
}

int clinux_uring_node_count(void) {
    return numa_available() < 0 ? -1 : numa_num_configured_nodes();
}

int clinux_uring_prefer_node(int node) {
    if (numa_available() < 0) return ENOSYS;
    if (node < 0 || node > numa_max_node()) return EINVAL;
    numa_set_preferred(node);
    return 0;
}

int64_t clinux_uring_clock_error(void) {
    struct timex state;
    memset(&state, 0, sizeof state);
    if (adjtimex(&state) < 0 || (state.status & STA_UNSYNC)) return -1;
    return state.maxerror;
}

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Anonymous zeroed memory, `byte_count` rounded up by the kernel; NULL and errno when refused.
// MAP_HUGETLB and its size are macros Swift does not import in every glibc.
void *clinux_uring_map(size_t byte_count, bool in_huge_pages);

// Returns memory of clinux_uring_map; `byte_count` as asked for, rounded as it was.
int clinux_uring_unmap(void *memory, size_t byte_count);

// Each returns 0 or an errno value.

// Keeps the pages in memory.
int clinux_uring_lock(const void *memory, size_t byte_count);

// Writes a fault into every page now rather than on the hot path (MADV_POPULATE_WRITE, Linux 5.14,
// missing from older headers); older kernels: touches each page.
int clinux_uring_populate(void *memory, size_t byte_count);

// Asks for transparent huge pages.
int clinux_uring_advise_huge(void *memory, size_t byte_count);

// Keeps all present and future pages of the process in memory.
int clinux_uring_lock_process(void);

// The process leaves no core file and no crash handler may read its memory; 0 or an errno.
int clinux_uring_forbid_core_dumps(void);
// Whether the kernel would write its memory down, PR_GET_DUMPABLE.
bool clinux_uring_is_dumpable(void);

// Whether no limit stands in the way of locking whatever the process will ever map.
bool clinux_uring_may_lock_everything(void);

// Locked-memory limit in bytes, -1 when unlimited: RLIM_INFINITY is a macro of a cast.
int64_t clinux_uring_lock_limit(void);

// Files and sockets that may be open at a time, -1 when unlimited.
int64_t clinux_uring_file_limit(void);

// Highest SCHED_FIFO priority that RLIMIT_RTPRIO grants an ordinary user.
int clinux_uring_fifo_limit(void);

// libnuma's answers; -1 when the machine or the kernel has none.
int clinux_uring_node_of_core(int core);
int clinux_uring_node_count(void);

// Prefers pages of `node` for the calling thread's next faults. 0 or an errno value.
int clinux_uring_prefer_node(int node);

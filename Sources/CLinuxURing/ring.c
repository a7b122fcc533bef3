#include "CLinuxURing.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

CLINUX_URING_KERNEL_ENTRIES_BEGIN

int clinux_uring_set_file(struct io_uring *ring, unsigned slot, int file) {
    int updated = io_uring_register_files_update(ring, slot, &file, 1);
    return updated < 0 ? updated : 0;
}

CLINUX_URING_KERNEL_ENTRIES_END

int clinux_uring_wait(struct io_uring *ring, int64_t nanoseconds) {
    if (nanoseconds < 0) nanoseconds = 0;
    struct __kernel_timespec most = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    struct io_uring_cqe *first;
    int outcome = io_uring_submit_and_wait_timeout(ring, &first, 1, &most, NULL);
    return outcome < 0 ? outcome : 0;
}

int clinux_uring_create(
    struct io_uring *ring, unsigned entries, unsigned completions, unsigned flags
) {
    struct io_uring_params parameters;
    memset(&parameters, 0, sizeof parameters);
    parameters.flags = flags | IORING_SETUP_CLAMP;
    if (completions > 0) {
        parameters.flags |= IORING_SETUP_CQSIZE;
        parameters.cq_entries = completions;
    }
    return io_uring_queue_init_params(entries, ring, &parameters);
}

struct io_uring_buf_ring *clinux_uring_register_buffers(struct io_uring *ring, unsigned entries) {
    size_t bytes = entries * sizeof(struct io_uring_buf);
    void *memory = mmap(
        NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED) return NULL;
    struct io_uring_buf_reg registration;
    memset(&registration, 0, sizeof registration);
    registration.ring_addr = (uint64_t)(uintptr_t)memory;
    registration.ring_entries = entries;
    if (io_uring_register_buf_ring(ring, &registration, 0) != 0) {
        munmap(memory, bytes);
        return NULL;
    }
    struct io_uring_buf_ring *buffers = memory;
    io_uring_buf_ring_init(buffers);
    return buffers;
}

void clinux_uring_unmap_buffers(struct io_uring_buf_ring *buffers, unsigned entries) {
    munmap(buffers, entries * sizeof(struct io_uring_buf));
}

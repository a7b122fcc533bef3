#pragma once

#include <liburing.h>
#include <stdbool.h>
#include <stdint.h>
#include "annotations.h"

// Hot shims over liburing 2.3: its own inlines cannot carry Swift's attribute, and the kernel's
// words need acquire and release.

// The IOSQE_ flags are macros of a shifted enum: not imported.
enum {
    clinux_uring_sqe_fixed_file = 1 << 0,
    clinux_uring_sqe_buffer_select = 1 << 5,
};

// The submission entry to fill next, or NULL when the queue is full.
CLINUX_URING_HOT struct io_uring_sqe *clinux_uring_next_sqe(struct io_uring *ring) {
    struct io_uring_sq *queue = &ring->sq;
    unsigned head = __atomic_load_n(queue->khead, __ATOMIC_ACQUIRE);
    if (queue->sqe_tail + 1 - head > queue->ring_entries) return NULL;
    struct io_uring_sqe *entry = &queue->sqes[queue->sqe_tail & queue->ring_mask];
    queue->sqe_tail += 1;
    __builtin_memset(entry, 0, sizeof *entry);
    return entry;
}

// Entries filled and not yet taken by the kernel.
CLINUX_URING_HOT unsigned clinux_uring_queued(const struct io_uring *ring) {
    return ring->sq.sqe_tail - __atomic_load_n(ring->sq.khead, __ATOMIC_ACQUIRE);
}

CLINUX_URING_HOT void clinux_uring_prepare_send(
    struct io_uring_sqe *entry, int file, const void *bytes, unsigned count, unsigned char flags,
    uint64_t user_data
) {
    entry->opcode = IORING_OP_SEND;
    entry->fd = file;
    entry->addr = (uint64_t)(uintptr_t)bytes;
    entry->len = count;
    entry->msg_flags = 0x4000;  // MSG_NOSIGNAL
    entry->flags = flags;
    entry->user_data = user_data;
}

// Receives into buffers of group 0 until an end without F_MORE.
CLINUX_URING_HOT void clinux_uring_prepare_receive_multishot(
    struct io_uring_sqe *entry, int file, unsigned char flags, uint64_t user_data
) {
    entry->opcode = IORING_OP_RECV;
    entry->fd = file;
    entry->ioprio = IORING_RECV_MULTISHOT;
    entry->flags = flags | clinux_uring_sqe_buffer_select;
    entry->user_data = user_data;
}

// Receives once into a buffer of group 0.
CLINUX_URING_HOT void clinux_uring_prepare_receive_selecting(
    struct io_uring_sqe *entry, int file, unsigned count, unsigned char flags, uint64_t user_data
) {
    entry->opcode = IORING_OP_RECV;
    entry->fd = file;
    entry->len = count;
    entry->flags = flags | clinux_uring_sqe_buffer_select;
    entry->user_data = user_data;
}

// Receives once into memory of ours.
CLINUX_URING_HOT void clinux_uring_prepare_receive(
    struct io_uring_sqe *entry, int file, void *bytes, unsigned count, unsigned char flags,
    uint64_t user_data
) {
    entry->opcode = IORING_OP_RECV;
    entry->fd = file;
    entry->addr = (uint64_t)(uintptr_t)bytes;
    entry->len = count;
    entry->flags = flags;
    entry->user_data = user_data;
}

CLINUX_URING_HOT void clinux_uring_prepare_connect(
    struct io_uring_sqe *entry, int file, const void *address, unsigned length,
    unsigned char flags, uint64_t user_data
) {
    entry->opcode = IORING_OP_CONNECT;
    entry->fd = file;
    entry->addr = (uint64_t)(uintptr_t)address;
    entry->off = length;
    entry->flags = flags;
    entry->user_data = user_data;
}

CLINUX_URING_HOT void clinux_uring_prepare_accept(
    struct io_uring_sqe *entry, int file, bool is_multishot, unsigned char flags,
    uint64_t user_data
) {
    entry->opcode = IORING_OP_ACCEPT;
    entry->fd = file;
    entry->accept_flags = 02000000;  // SOCK_CLOEXEC
    entry->ioprio = is_multishot ? IORING_ACCEPT_MULTISHOT : 0;
    entry->flags = flags;
    entry->user_data = user_data;
}

CLINUX_URING_HOT void clinux_uring_prepare_cancel(
    struct io_uring_sqe *entry, uint64_t target, uint64_t user_data
) {
    entry->opcode = IORING_OP_ASYNC_CANCEL;
    entry->fd = -1;
    entry->addr = target;
    entry->user_data = user_data;
}

CLINUX_URING_HOT bool clinux_uring_has_completion(const struct io_uring *ring) {
    return __atomic_load_n(ring->cq.ktail, __ATOMIC_ACQUIRE) != *ring->cq.khead;
}

// The oldest completion, or NULL. One load of the tail: no system call.
CLINUX_URING_HOT const struct io_uring_cqe *clinux_uring_peek(const struct io_uring *ring) {
    unsigned head = *ring->cq.khead;
    if (__atomic_load_n(ring->cq.ktail, __ATOMIC_ACQUIRE) == head) return NULL;
    return &ring->cq.cqes[head & ring->cq.ring_mask];
}

// Gives the oldest completion back to the kernel.
CLINUX_URING_HOT void clinux_uring_advance(struct io_uring *ring) {
    __atomic_store_n(ring->cq.khead, *ring->cq.khead + 1, __ATOMIC_RELEASE);
}

// Whether completions wait for an entry into the kernel: deferred task work, or an overflow that
// otherwise looks like silence.
CLINUX_URING_HOT bool clinux_uring_needs_entry(const struct io_uring *ring) {
    unsigned flags = __atomic_load_n(ring->sq.kflags, __ATOMIC_RELAXED);
    return (flags & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)) != 0;
}

CLINUX_URING_HOT bool clinux_uring_has_overflow(const struct io_uring *ring) {
    return (__atomic_load_n(ring->sq.kflags, __ATOMIC_RELAXED) & IORING_SQ_CQ_OVERFLOW) != 0;
}

// Gives buffer `identifier` to the kernel.
CLINUX_URING_HOT void clinux_uring_provide_buffer(
    struct io_uring_buf_ring *buffers, void *bytes, unsigned count, unsigned short identifier,
    unsigned short mask
) {
    struct io_uring_buf *entry = &buffers->bufs[buffers->tail & mask];
    entry->addr = (uint64_t)(uintptr_t)bytes;
    entry->len = count;
    entry->bid = identifier;
    __atomic_store_n(&buffers->tail, (unsigned short)(buffers->tail + 1), __ATOMIC_RELEASE);
}

// The ring's own entries into the kernel; none of them sleeps.
CLINUX_URING_KERNEL_ENTRIES_BEGIN

// Hands all filled entries over; the number taken or -errno.
CLINUX_URING_HOT int clinux_uring_submit(struct io_uring *ring) { return io_uring_submit(ring); }

// Runs deferred task work and flushes an overflow.
CLINUX_URING_HOT int clinux_uring_get_events(struct io_uring *ring) {
    return io_uring_get_events(ring);
}

// Puts a descriptor (or -1) into the table of registered files. 0 or -errno.
__attribute__((swift_attr("@_noLocks"), nonblocking)) int clinux_uring_set_file(
    struct io_uring *ring, unsigned slot, int file);

CLINUX_URING_KERNEL_ENTRIES_END

// Submits and sleeps until a completion or for `nanoseconds`. 0 or -errno.
int clinux_uring_wait(struct io_uring *ring, int64_t nanoseconds);

// A ring of `entries` with `completions` completion entries (0: twice the entries). 0 or -errno.
int clinux_uring_create(
    struct io_uring *ring, unsigned entries, unsigned completions, unsigned flags);

// A mapped ring of `entries` (a power of two) provided buffers as group 0; NULL when refused.
struct io_uring_buf_ring *clinux_uring_register_buffers(struct io_uring *ring, unsigned entries);
void clinux_uring_unmap_buffers(struct io_uring_buf_ring *buffers, unsigned entries);

#pragma once

#include <stdbool.h>
#include <stdint.h>

// Threads of the calling thread's kind; each returns 0 or an errno value. Glibc hides these
// behind _GNU_SOURCE, which Swift's importer does not set, and CPU_SET is a macro.

// Keeps the calling thread on one core.
int clinux_uring_pin_to_core(int core);

// Lets the calling thread run on every core that the process was given.
int clinux_uring_unpin(void);

// Cores the calling thread may run on, up to `capacity` numbers in `cores`; returns how many.
int clinux_uring_allowed_cores(int *cores, int capacity);

// The core the calling thread runs on now.
int clinux_uring_current_core(void);

// SCHED_FIFO at `priority` (1...99) for the calling thread.
int clinux_uring_set_fifo(int priority);

// Back to the ordinary scheduler for the calling thread.
int clinux_uring_set_ordinary(void);

// At most 15 bytes of `name` for the calling thread, as tools show it.
int clinux_uring_name_thread(const char *name);

#pragma once

#include <stdbool.h>
#include <stdint.h>

// How long a network interface gathers packets before it interrupts.
typedef struct {
    uint32_t receive_microseconds;
    bool is_receive_adaptive;
} clinux_uring_coalescing;

// Asks the driver: ethtool's ioctl takes a pointer inside a union. 0 or -errno, -EOPNOTSUPP where
// the driver has no such setting.
int clinux_uring_read_coalescing(const char *interface, clinux_uring_coalescing *found);

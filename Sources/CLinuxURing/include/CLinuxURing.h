// What Swift cannot say about Linux: io_uring through liburing, affinity, NUMA, huge pages, TSC,
// prefetch, CRC32C. One idea a header; one sentence a function on why it has to be C.
#pragma once

#include "clinux_uring/annotations.h"
#include "clinux_uring/processor.h"
#include "clinux_uring/checksum.h"
#include "clinux_uring/thread.h"
#include "clinux_uring/memory.h"
#include "clinux_uring/sockets.h"
#include "clinux_uring/ring.h"
#include "clinux_uring/interface.h"

#pragma once

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>
#include "annotations.h"

// The direct transport's own system calls, and the few that either transport makes for a new
// connection. libc's declarations cannot carry the annotation. Each returns a count or -errno.
CLINUX_URING_KERNEL_ENTRIES_BEGIN

CLINUX_URING_HOT ssize_t clinux_uring_recv(int socket, void *bytes, size_t count) {
    ssize_t received = recv(socket, bytes, count, MSG_DONTWAIT);
    return received < 0 ? -errno : received;
}

CLINUX_URING_HOT ssize_t clinux_uring_send(int socket, const void *bytes, size_t count) {
    ssize_t sent = send(socket, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent < 0 ? -errno : sent;
}

// What a receive gave, and how long it lay in the kernel: from the time stamp on its last segment to
// now, in nanoseconds of CLOCK_REALTIME; -1 without a stamp.
typedef struct {
    ssize_t count;
    int64_t waited;
} clinux_uring_stamped;

// The same receive with the stamp, for a socket of clinux_uring_stamp_receives: one recvmsg and a
// clock reading without a system call. Not inlined: off by default.
__attribute__((swift_attr("@_noLocks"), nonblocking)) clinux_uring_stamped clinux_uring_recv_stamped(
    int socket, void *bytes, size_t count);

// Not inlined: once per connection, and out of the duty cycle's way.
#define CLINUX_URING_COLD_ENTRY __attribute__((swift_attr("@_noLocks"), nonblocking))

// The next connection of a non-blocking listener, close-on-exec and non-blocking.
CLINUX_URING_COLD_ENTRY int clinux_uring_accept(int listener);

// TCP_NODELAY on, SO_KEEPALIVE off, buffer sizes in bytes (0: the system's choice).
CLINUX_URING_COLD_ENTRY int clinux_uring_tune(int socket, int send_bytes, int receive_bytes);

// Has the kernel stamp what the socket receives, the network interface too if `by_hardware`.
CLINUX_URING_COLD_ENTRY int clinux_uring_stamp_receives(int socket, bool by_hardware);

// What became of a non-blocking connect: 0 when pending is over and it succeeded, -EINPROGRESS
// while it is pending, else -errno.
CLINUX_URING_COLD_ENTRY int clinux_uring_connect_result(int socket);

// Which of the sockets are ready, without waiting. A count or -errno.
CLINUX_URING_COLD_ENTRY int clinux_uring_poll_now(struct pollfd *sockets, unsigned count);

// Closes; with `abort` the peer gets RST instead of FIN.
CLINUX_URING_COLD_ENTRY int clinux_uring_close(int socket, int abort);

// Ends the connection (FIN, or with `abort` RST) or the listening, whoever else holds the socket.
CLINUX_URING_COLD_ENTRY void clinux_uring_end(int socket, int abort);

CLINUX_URING_KERNEL_ENTRIES_END

// Sockets are created in C for the flags that glibc declares as enum constants of odd types.
// `family` AF_INET or AF_INET6. A descriptor or -errno.
int clinux_uring_tcp_socket(int family, int is_non_blocking);

// Binds with SO_REUSEADDR and listens. 0 or -errno.
int clinux_uring_listen(int socket, const struct sockaddr *address, socklen_t length, int backlog);

// 0, -EINPROGRESS or -errno.
int clinux_uring_connect(int socket, const struct sockaddr *address, socklen_t length);

// Waits for readiness up to `nanoseconds`: ppoll, whose timespec and mask Swift handles clumsily.
int clinux_uring_poll(struct pollfd *sockets, unsigned count, int64_t nanoseconds);

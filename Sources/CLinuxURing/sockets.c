#include "CLinuxURing.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

CLINUX_URING_KERNEL_ENTRIES_BEGIN

int clinux_uring_accept(int listener) {
    // accept4 makes a socket and a descriptor before it looks whether anyone is there.
    struct pollfd one = {.fd = listener, .events = POLLIN};
    if (poll(&one, 1, 0) == 0) return -EAGAIN;
    int socket = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    return socket < 0 ? -errno : socket;
}

int clinux_uring_tune(int socket, int send_bytes, int receive_bytes) {
    int on = 1, off = 0;
    if (setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0) return -errno;
    if (setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &off, sizeof off) < 0) return -errno;
    if (send_bytes > 0
        && setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &send_bytes, sizeof send_bytes) < 0)
        return -errno;
    if (receive_bytes > 0
        && setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes) < 0)
        return -errno;
    return 0;
}

int clinux_uring_stamp_receives(int socket, bool by_hardware) {
    int wanted = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
    if (by_hardware) wanted |= SOF_TIMESTAMPING_RX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE;
    return setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPING, &wanted, sizeof wanted) < 0 ? -errno : 0;
}

static int64_t nanoseconds(struct timespec time) {
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// From a stamp to now; -1 without a stamp, or when a clock was set meanwhile.
static int64_t since(struct timespec stamp, int64_t now) {
    int64_t waited = now - nanoseconds(stamp);
    return nanoseconds(stamp) == 0 || waited < 0 ? -1 : waited;
}

// Nanoseconds since the stamp of this message: the interface's where it made one, else the
// kernel's. An interface's clock that nobody keeps is off by more than a second, most often by the
// leap seconds.
static int64_t since_stamp(struct msghdr *message) {
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPING) continue;
        struct scm_timestamping stamps;
        memcpy(&stamps, CMSG_DATA(part), sizeof stamps);
        struct timespec time;
        clock_gettime(CLOCK_REALTIME, &time);
        int64_t now = nanoseconds(time);
        int64_t by_hardware = since(stamps.ts[2], now);
        if (by_hardware >= 0 && by_hardware < 1000000000) return by_hardware;
        return since(stamps.ts[0], now);
    }
    return -1;
}

clinux_uring_stamped clinux_uring_recv_stamped(int socket, void *bytes, size_t count) {
    struct iovec place = {.iov_base = bytes, .iov_len = count};
    // Aligned as a cmsghdr, with room for one more message than is asked for.
    size_t control[32];
    struct msghdr message = {
        .msg_iov = &place, .msg_iovlen = 1,
        .msg_control = control, .msg_controllen = sizeof control,
    };
    ssize_t received = recvmsg(socket, &message, MSG_DONTWAIT);
    clinux_uring_stamped outcome = {.count = received < 0 ? -errno : received, .waited = -1};
    if (received > 0) outcome.waited = since_stamp(&message);
    return outcome;
}

int clinux_uring_connect_result(int socket) {
    struct pollfd one = {.fd = socket, .events = POLLOUT};
    int ready = poll(&one, 1, 0);
    if (ready < 0) return errno == EINTR ? -EINPROGRESS : -errno;
    if (ready == 0) return -EINPROGRESS;
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) < 0) return -errno;
    return -error;
}

int clinux_uring_poll_now(struct pollfd *sockets, unsigned count) {
    int ready = poll(sockets, count, 0);
    return ready < 0 ? -errno : ready;
}

int clinux_uring_close(int socket, int abort) {
    if (abort) {
        struct linger none = {.l_onoff = 1, .l_linger = 0};
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    }
    return close(socket) == 0 ? 0 : -errno;
}

void clinux_uring_end(int socket, int abort) {
    struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    if (abort && connect(socket, &nobody, sizeof nobody) == 0) return;
    shutdown(socket, SHUT_RDWR);
}

CLINUX_URING_KERNEL_ENTRIES_END

int clinux_uring_tcp_socket(int family, int is_non_blocking) {
    int type = SOCK_STREAM | SOCK_CLOEXEC | (is_non_blocking ? SOCK_NONBLOCK : 0);
    int descriptor = socket(family, type, IPPROTO_TCP);
    return descriptor < 0 ? -errno : descriptor;
}

int clinux_uring_listen(int socket, const struct sockaddr *address, socklen_t length, int backlog) {
    int on = 1;
    if (setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0) return -errno;
    if (bind(socket, address, length) < 0) return -errno;
    return listen(socket, backlog) < 0 ? -errno : 0;
}

int clinux_uring_connect(int socket, const struct sockaddr *address, socklen_t length) {
    return connect(socket, address, length) < 0 ? -errno : 0;
}

int clinux_uring_poll(struct pollfd *sockets, unsigned count, int64_t nanoseconds) {
    if (nanoseconds < 0) nanoseconds = 0;
    struct timespec most = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    int ready = ppoll(sockets, count, &most, NULL);
    return ready < 0 ? -errno : ready;
}

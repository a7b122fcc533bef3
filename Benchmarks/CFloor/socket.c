// The least way through the kernel: non-blocking calls in a loop, no readiness, no sleep.
#include "CFloor.h"

#include <arpa/inet.h>
#include <immintrin.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include "stream.h"

static struct sockaddr_in loopback(uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static int without_delay(int socket) {
    int on = 1;
    if (socket >= 0) setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

int cfloor_listen(uint16_t *port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (listener < 0) return -1;
    if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 8) < 0
        || getsockname(listener, (struct sockaddr *)&address, &size) < 0) {
        close(listener);
        return -1;
    }
    *port = ntohs(address.sin_port);
    return listener;
}

int cfloor_accept(int listener, int milliseconds) {
    struct pollfd question = {.fd = listener, .events = POLLIN};
    if (poll(&question, 1, milliseconds) <= 0) return -1;
    return without_delay(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
}

int cfloor_connect(uint16_t port) {
    int opened = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = loopback(port);
    if (opened < 0) return -1;
    if (connect(opened, (struct sockaddr *)&address, sizeof address) < 0) {
        close(opened);
        return -1;
    }
    return without_delay(opened);
}

void cfloor_close(int socket) { close(socket); }

// All of `count` bytes; 0 when the connection has ended.
static int send_all(int socket, const uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(socket, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && !would_block()) return 0;
        if (sent <= 0) continue;
        bytes += sent;
        count -= (size_t)sent;
    }
    return 1;
}

static int receive_all(int socket, uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t got = recv(socket, bytes, count, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && !would_block())) return 0;
        if (got < 0) continue;
        bytes += got;
        count -= (size_t)got;
    }
    return 1;
}

void cfloor_echo(int socket, size_t bytes) {
    uint8_t message[4096];
    if (bytes > sizeof message) return;
    while (receive_all(socket, message, bytes) && send_all(socket, message, bytes)) {}
}

size_t cfloor_call(int socket, size_t bytes, size_t count, uint64_t *ticks) {
    uint8_t message[4096] = {0};
    if (bytes > sizeof message) return 0;
    for (size_t index = 0; index < count; index++) {
        uint64_t start = __rdtsc();
        if (!send_all(socket, message, bytes) || !receive_all(socket, message, bytes))
            return index;
        ticks[index] = __rdtsc() - start;
    }
    return count;
}

size_t cfloor_trader(cfloor_desk *desk, int market, int orders, size_t count) {
    static _Thread_local floor_records records;
    uint8_t order[1024];
    records.start = records.end = 0;
    for (size_t taken = 0; taken < count;) {
        int outcome = floor_fill(&records, market);
        if (outcome < 0) return taken;
        if (outcome == 0) floor_rest();
        for (const uint8_t *record; (record = floor_next(&records)); taken++) {
            size_t length = cfloor_desk_decide(desk, record, order);
            if (length > 0 && !send_all(orders, order, length)) return taken;
        }
    }
    return count;
}

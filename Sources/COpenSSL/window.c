// A BIO straight over the receive buffer and the outgoing buffer: no copy into a memory BIO.
#include "COpenSSL.h"

#include <pthread.h>
#include <string.h>

static int window_read(BIO *bio, char *bytes, size_t room, size_t *moved) {
    copenssl_window *window = BIO_get_data(bio);
    size_t count = (size_t)(window->read_end - window->read_pointer);
    BIO_clear_retry_flags(bio);
    if (count == 0) {
        BIO_set_retry_read(bio);
        *moved = 0;
        return 0;
    }
    if (count > room) count = room;
    memcpy(bytes, window->read_pointer, count);
    window->read_pointer += count;
    *moved = count;
    return 1;
}

static int window_write(BIO *bio, const char *bytes, size_t count, size_t *moved) {
    copenssl_window *window = BIO_get_data(bio);
    size_t room = (size_t)(window->write_end - window->write_pointer);
    BIO_clear_retry_flags(bio);
    if (room == 0) {
        BIO_set_retry_write(bio);
        *moved = 0;
        return 0;
    }
    if (count > room) count = room;
    memcpy(window->write_pointer, bytes, count);
    window->write_pointer += count;
    *moved = count;
    return 1;
}

// A flush that is not answered with 1 makes the handshake fail.
static long window_control(BIO *bio, int command, long number, void *pointer) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static int window_create(BIO *bio) {
    BIO_set_init(bio, 1);
    return 1;
}

static BIO_METHOD *method;

static void make_method(void) {
    method = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "window");
    if (!method) return;
    BIO_meth_set_read_ex(method, window_read);
    BIO_meth_set_write_ex(method, window_write);
    BIO_meth_set_ctrl(method, window_control);
    BIO_meth_set_create(method, window_create);
}

BIO *copenssl_window_bio(copenssl_window *window) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_method);
    BIO *bio = method ? BIO_new(method) : NULL;
    if (bio) BIO_set_data(bio, window);
    return bio;
}

// What a record layer needs to take over behind OpenSSL's handshake: the secrets, and how many
// records OpenSSL has read and written under them (a server's tickets are some).
#include "COpenSSL.h"

#include <string.h>

static int digit(char text) {
    if (text >= '0' && text <= '9') return text - '0';
    if (text >= 'a' && text <= 'f') return text - 'a' + 10;
    return -1;
}

static void read_secret(copenssl_traffic *traffic, const char *text) {
    size_t count = strlen(text) / 2;
    if (count > sizeof traffic->secret) return;
    for (size_t index = 0; index < count; index++) {
        int high = digit(text[2 * index]), low = digit(text[2 * index + 1]);
        if (high < 0 || low < 0) return;
        traffic->secret[index] = (uint8_t)(high << 4 | low);
    }
    traffic->secret_count = count;
    traffic->records = 0;
}

// A line is "LABEL client-random secret" in the format of NSS. OpenSSL wipes it afterwards.
static void hear_secret(const SSL *session, const char *line) {
    static const char client[] = "CLIENT_TRAFFIC_SECRET_0 ";
    static const char server[] = "SERVER_TRAFFIC_SECRET_0 ";
    int is_clients = strncmp(line, client, sizeof client - 1) == 0;
    if (!is_clients && strncmp(line, server, sizeof server - 1) != 0) return;
    BIO *bio = SSL_get_rbio(session);
    copenssl_window *window = bio ? BIO_get_data(bio) : NULL;
    if (!window) return;
    int is_read = is_clients == SSL_is_server(session);
    read_secret(is_read ? &window->reading : &window->writing, strrchr(line, ' ') + 1);
}

void copenssl_tell_secrets(SSL_CTX *context) { SSL_CTX_set_keylog_callback(context, hear_secret); }

// Every protected record is of the outer type application data.
static void count_record(
    int is_write, int version, int type, const void *bytes, size_t count, SSL *session, void *window
) {
    if (type != SSL3_RT_HEADER || *(const uint8_t *)bytes != SSL3_RT_APPLICATION_DATA) return;
    copenssl_window *seen = window;
    if (is_write) seen->writing.records++;
    else seen->reading.records++;
}

void copenssl_watch(SSL *session, copenssl_window *window) {
    SSL_set_msg_callback(session, count_record);
    SSL_set_msg_callback_arg(session, window);
}

void copenssl_unwatch(SSL *session) { SSL_set_msg_callback(session, NULL); }

int copenssl_show(SSL *session, copenssl_window *window, const uint8_t *record, size_t count) {
    const uint8_t *pointer = window->read_pointer, *end = window->read_end;
    uint8_t *write_end = window->write_end;
    uint8_t unused;
    window->read_pointer = record;
    window->read_end = record + count;
    window->write_end = window->write_pointer;
    int is_taken = copenssl_read(session, window, &unused, 1) == COPENSSL_WANTS_INPUT
        && window->read_pointer == window->read_end;
    window->read_pointer = pointer;
    window->read_end = end;
    window->write_end = write_end;
    window->error_code = 0;
    return is_taken;
}

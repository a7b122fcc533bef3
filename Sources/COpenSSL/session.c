// One call each for reading, writing and shaking hands, with OpenSSL's error queue left empty: a
// stale entry there would make another session on the thread mistake "wants input" for a failure.
#include "COpenSSL.h"

static long outcome(SSL *session, copenssl_window *window, int result) {
    switch (SSL_get_error(session, result)) {
    case SSL_ERROR_WANT_READ: return COPENSSL_WANTS_INPUT;
    case SSL_ERROR_WANT_WRITE: return COPENSSL_NO_ROOM;
    case SSL_ERROR_ZERO_RETURN: return COPENSSL_CLOSED;
    default:
        window->error_code = ERR_peek_error();
        ERR_clear_error();
        return COPENSSL_FAILED;
    }
}

long copenssl_read(SSL *session, copenssl_window *window, void *bytes, size_t room) {
    size_t moved = 0;
    int result = SSL_read_ex(session, bytes, room, &moved);
    return result == 1 ? (long)moved : outcome(session, window, result);
}

long copenssl_write(SSL *session, copenssl_window *window, const void *bytes, size_t count) {
    size_t moved = 0;
    int result = SSL_write_ex(session, bytes, count, &moved);
    return result == 1 ? (long)moved : outcome(session, window, result);
}

int copenssl_has_pending(const SSL *session) { return SSL_has_pending(session); }

void copenssl_shutdown(SSL *session) {
    if (SSL_shutdown(session) < 0) ERR_clear_error();
}

long copenssl_handshake(SSL *session, copenssl_window *window) {
    int result = SSL_do_handshake(session);
    return result == 1 ? 1 : outcome(session, window, result);
}

int copenssl_require_tls13(SSL_CTX *context) {
    return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
}

void copenssl_set_session_modes(SSL_CTX *context) {
    SSL_CTX_set_mode(context, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

void copenssl_set_read_ahead(SSL_CTX *context) { SSL_CTX_set_read_ahead(context, 1); }

int copenssl_set_groups(SSL_CTX *context, const char *groups) {
    return (int)SSL_CTX_set1_groups_list(context, groups);
}

int copenssl_set_server_name(SSL *session, const char *host) {
    return (int)SSL_set_tlsext_host_name(session, host);
}

EVP_PKEY *copenssl_make_p256_key(void) { return EVP_EC_gen("P-256"); }

// The system's TLS and hashes, with shims for what Swift cannot say: OpenSSL's macros, the
// callbacks of a custom BIO and of the allocator, and the annotation that lets the hot path call.
// Cold Swift code calls the imported OpenSSL functions directly.
#ifndef COPENSSL_H
#define COPENSSL_H

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stddef.h>
#include <stdint.h>

// Swift may call it between a received byte and a sent one: no lock and, with the pool below warm,
// no allocation. Clang cannot look into OpenSSL (`nonblocking`), so the counter is the proof.
#define COPENSSL_HOT __attribute__((swift_attr("@_noLocks")))

// MARK: - Pool allocator (pool.c)

// What this thread asked of the C library on OpenSSL's behalf, and what its own lists answered.
typedef struct {
    uint64_t libc_allocations;
    uint64_t libc_frees;
    uint64_t pooled_allocations;
} copenssl_pool_statistics;

// 1 when OpenSSL uses the pool: installed when the program loads, before any OpenSSL call.
int copenssl_pool_is_installed(void);
copenssl_pool_statistics copenssl_pool_read_statistics(void);

// MARK: - Window BIO (window.c)

enum { COPENSSL_SECRET_ROOM = 48 };

// One direction under its application traffic secret (RFC 8446 section 7.1).
typedef struct {
    uint8_t secret[COPENSSL_SECRET_ROOM];
    size_t secret_count; // 32 or 48: the hash of the suite; 0 while there is none
    uint64_t records;    // read or written under this secret: the next sequence number
} copenssl_traffic;

// Where a session reads ciphertext from and writes ciphertext to, for the length of one call.
typedef struct {
    const uint8_t *read_pointer;
    const uint8_t *read_end;
    uint8_t *write_pointer;
    uint8_t *write_end;
    unsigned long error_code; // OpenSSL's code of the last failed call, 0 when none failed
    copenssl_traffic reading; // both filled only in sessions that copenssl_watch has seen
    copenssl_traffic writing;
} copenssl_window;

// A BIO over the window for both directions. The window must outlive the session.
BIO *copenssl_window_bio(copenssl_window *window);

// MARK: - Session (session.c)

// OpenSSL's reason for what cannot happen; its macro has a form that Swift does not import.
enum { COPENSSL_INTERNAL_ERROR = ERR_R_INTERNAL_ERROR };

enum {
    COPENSSL_WANTS_INPUT = 0,
    COPENSSL_CLOSED = -1,  // the peer's close_notify
    COPENSSL_FAILED = -2,  // see error_code of the window
    COPENSSL_NO_ROOM = -3, // the window's write side is full
};

// Both answer bytes moved (> 0) or one of the codes above.
COPENSSL_HOT long copenssl_read(SSL *session, copenssl_window *window, void *bytes, size_t room);
COPENSSL_HOT long copenssl_write(
    SSL *session, copenssl_window *window, const void *bytes, size_t count);
// 1 when a read may give bytes although the window is empty.
COPENSSL_HOT int copenssl_has_pending(const SSL *session);
// Queues close_notify.
COPENSSL_HOT void copenssl_shutdown(SSL *session);
// 1 done, or one of the codes above.
long copenssl_handshake(SSL *session, copenssl_window *window);

// Macros of OpenSSL as functions.
int copenssl_require_tls13(SSL_CTX *context);
void copenssl_set_session_modes(SSL_CTX *context);
void copenssl_set_read_ahead(SSL_CTX *context);
int copenssl_set_groups(SSL_CTX *context, const char *groups);
int copenssl_set_server_name(SSL *session, const char *host);
EVP_PKEY *copenssl_make_p256_key(void);
// Asks for every certificate's revocation when the trusted file holds lists of revoked certificates.
int copenssl_heed_revocations(SSL_CTX *context);

// MARK: - The peer's certificate, for reports (certificate.c)

typedef struct {
    char subject[128]; // common names, cut to fit; empty when there is none
    char issuer[128];
    int64_t not_before; // seconds since 1970
    int64_t not_after;
    int chain_length; // as verified, the trusted root included
} copenssl_certificate;

// 1 when the peer has shown a certificate; a resumed session has the one of the first.
int copenssl_peer_certificate(const SSL *session, copenssl_certificate *found);

// MARK: - Handing a session's records over (handover.c)

// Sessions of this context tell their application traffic secrets to their windows.
void copenssl_tell_secrets(SSL_CTX *context);
// Counts the session's records in its window. Before the handshake.
void copenssl_watch(SSL *session, copenssl_window *window);
// The counts are somebody else's from now on.
void copenssl_unwatch(SSL *session);
// Shows OpenSSL a record of session tickets that somebody else has opened: it learns how to resume.
// 1 when it took the record and waits for the next one. What it may answer is dropped.
COPENSSL_HOT int copenssl_show(
    SSL *session, copenssl_window *window, const uint8_t *record, size_t count);

// MARK: - Traffic keys (traffic.c)

enum { COPENSSL_IV = 12 };

// Key and IV of the direction's secret (section 7.3).
COPENSSL_HOT void copenssl_traffic_key(
    const copenssl_traffic *traffic, uint8_t *key, size_t key_count, uint8_t *iv);
// The next secret in place of this one, its records counted from 0 (section 7.2).
COPENSSL_HOT void copenssl_traffic_renew(copenssl_traffic *traffic);
COPENSSL_HOT void copenssl_wipe(void *bytes, size_t count);

// MARK: - Records through EVP (record.c)

// One direction's key for any TLS 1.3 suite; what CRecordCrypto does not do goes through it.
typedef struct copenssl_record_key copenssl_record_key;

// Without a key yet; NULL for an unknown suite (its number in RFC 8446 appendix B.4).
copenssl_record_key *copenssl_record_create(uint16_t suite, int is_sealing);
void copenssl_record_destroy(copenssl_record_key *key);
// These do what their namesakes in CRecordCrypto do. 1 on success.
COPENSSL_HOT int copenssl_record_set(
    copenssl_record_key *key, const uint8_t *bytes, const uint8_t *iv);
COPENSSL_HOT int copenssl_record_seal(
    copenssl_record_key *key, uint64_t sequence, const uint8_t *content, size_t count,
    uint8_t type, uint8_t *record);
COPENSSL_HOT int copenssl_record_open(
    copenssl_record_key *key, uint64_t sequence, const uint8_t *record, size_t length,
    uint8_t *inner);

// MARK: - Hashes and signatures (sign.c)

typedef struct copenssl_hmac_key copenssl_hmac_key;

// HMAC-SHA256 with both key blocks absorbed once; a signature then costs only the message's blocks.
copenssl_hmac_key *copenssl_hmac_create(const void *secret, size_t count);
void copenssl_hmac_destroy(copenssl_hmac_key *key);
// Hashes ahead the whole blocks, at most two, of what messages begin with; the longest of these
// openings that fits a message saves its blocks.
#define COPENSSL_HMAC_OPENINGS 3
COPENSSL_HOT void copenssl_hmac_prime(
    copenssl_hmac_key *key, size_t place, const void *opening, size_t count);
COPENSSL_HOT void copenssl_hmac_sign(
    const copenssl_hmac_key *key, const void *message, size_t count, uint8_t *digest32);

// Ed25519 (RFC 8032) with a context from EVP_DigestSignInit; 1 on success.
COPENSSL_HOT int copenssl_ed25519_sign(
    EVP_MD_CTX *context, const void *message, size_t count, uint8_t *signature64);

// Standard base64 with padding, no terminator: answers its length, 4 * ceil(count / 3).
COPENSSL_HOT size_t copenssl_base64(uint8_t *text, const uint8_t *bytes, size_t count);

#endif

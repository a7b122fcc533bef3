// AES-GCM as TLS 1.3 records use it (RFC 8446 section 5.2, RFC 5288, NIST SP 800-38D), one pass from
// where the bytes are to where they shall be. It is here because Swift cannot name AES-NI, PCLMULQDQ
// and their vector forms, and because OpenSSL spends twenty times the cipher's cost on a short
// record. No branch and no address depends on a key, a plaintext or a tag; lengths are public.
#ifndef CRECORD_CRYPTO_H
#define CRECORD_CRYPTO_H

#include <stddef.h>
#include <stdint.h>

// Swift may call it on the hot path, and clang (-Wfunction-effects) proves that it may.
#define CRECORD_CRYPTO_HOT __attribute__((swift_attr("@_noLocks"), nonblocking))

// What the instructions work on at once. The order is the order of preference.
enum {
    CRECORD_CRYPTO_NONE = 0,
    CRECORD_CRYPTO_AESNI = 1,   // AES-NI + PCLMULQDQ: one block
    CRECORD_CRYPTO_VAES256 = 2, // VAES + VPCLMULQDQ on AVX2: two blocks
    CRECORD_CRYPTO_VAES512 = 3, // VAES + VPCLMULQDQ on AVX-512: four blocks
};

enum {
    CRECORD_CRYPTO_HEADER = 5,
    CRECORD_CRYPTO_TAG = 16,
    CRECORD_CRYPTO_IV = 12,
    // Bytes behind a content that sealing may read, and behind an inner plaintext that opening may
    // overwrite: the last block is handled whole.
    CRECORD_CRYPTO_SLACK = 16,
};

// The best implementation of this processor, CRECORD_CRYPTO_NONE when it has no AES instructions.
int crecord_crypto_best(void);
// 1 when this processor has the implementation's instructions.
int crecord_crypto_runs(int implementation);

// One direction's key: schedule, powers of the hash key and IV. Wiped when destroyed.
typedef struct crecord_crypto_key crecord_crypto_key;

// Without a key yet; NULL when the processor lacks the implementation or there is no memory.
crecord_crypto_key *crecord_crypto_create(int implementation);
void crecord_crypto_destroy(crecord_crypto_key *key);
// `count` is 16 (AES-128) or 32 (AES-256); the former key is overwritten.
CRECORD_CRYPTO_HOT void crecord_crypto_set(
    crecord_crypto_key *key, const uint8_t *bytes, size_t count, const uint8_t *iv);

// Writes header, ciphertext and tag of record number `sequence` (count + 22 bytes) at `record`.
// `content` may be record + 5: the record is then sealed in place.
CRECORD_CRYPTO_HOT void crecord_crypto_seal(
    const crecord_crypto_key *key, uint64_t sequence, const uint8_t *content, size_t count,
    uint8_t type, uint8_t *record);

// Opens record number `sequence`, header and `length` bytes of ciphertext and tag (at least 16), into
// the inner plaintext's length - 16 bytes: content, type, padding. 1 when the tag is right; 0 when it
// is not, and `inner` is then zero. `inner` may be record + 5.
CRECORD_CRYPTO_HOT int crecord_crypto_open(
    const crecord_crypto_key *key, uint64_t sequence, const uint8_t *record, size_t length,
    uint8_t *inner);

// The same cipher without the record's framing, ciphertext and tag behind each other: what published
// vectors check. `associated` has at most 16 bytes.
void crecord_crypto_seal_plain(
    const crecord_crypto_key *key, const uint8_t *nonce, const uint8_t *associated,
    size_t associated_count, const uint8_t *text, size_t count, uint8_t *sealed);

#endif

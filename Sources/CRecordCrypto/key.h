// What the implementations share. Blocks of the hash are kept byte-reversed.
#ifndef CRECORD_CRYPTO_KEY_H
#define CRECORD_CRYPTO_KEY_H

#include "CRecordCrypto.h"

#include <immintrin.h>

enum {
    BLOCK = 16,
    // Blocks of text between two reductions of the hash; with the associated data's block before the
    // first of them and the lengths' block behind the last there are two more factors.
    CHUNK_BLOCKS = 64,
    CHUNK = CHUNK_BLOCKS * BLOCK,
    POWERS = CHUNK_BLOCKS + 2,
    // The widest vector loads three blocks behind the last power.
    POWERS_SLACK = 3,
    MOST_ROUNDS = 14,
};

struct crecord_crypto_key {
    __m128i round_keys[MOST_ROUNDS + 1];
    // H^66 ... H^1: a text of n blocks uses the last n + 2, so short records touch few lines.
    __m128i powers[POWERS + POWERS_SLACK];
    __m128i iv; // its last four bytes, the block counter's place, are zero
    int rounds;
    int implementation;
};

// One message: `nonce` as a block with a zero counter, `associated` as a block, and the text.
typedef struct {
    __m128i nonce;
    __m128i associated;
    uint64_t associated_bits;
    const uint8_t *text;
    size_t count;
    uint8_t *output;
    int type; // appended to the text when sealing; negative for none
} crecord_crypto_message;

// Proved by clang (-Wfunction-effects) where it is defined.
#define NONBLOCKING __attribute__((nonblocking))
#define KERNEL NONBLOCKING __m128i

// Each transforms the text and answers the tag.
KERNEL crecord_crypto_aesni_seal(const crecord_crypto_key *, const crecord_crypto_message *);
KERNEL crecord_crypto_aesni_open(const crecord_crypto_key *, const crecord_crypto_message *);
KERNEL crecord_crypto_vaes256_seal(const crecord_crypto_key *, const crecord_crypto_message *);
KERNEL crecord_crypto_vaes256_open(const crecord_crypto_key *, const crecord_crypto_message *);
KERNEL crecord_crypto_vaes512_seal(const crecord_crypto_key *, const crecord_crypto_message *);
KERNEL crecord_crypto_vaes512_open(const crecord_crypto_key *, const crecord_crypto_message *);

NONBLOCKING void crecord_crypto_expand(
    crecord_crypto_key *key, const uint8_t *bytes, size_t count);

static inline void wipe(void *bytes, size_t count) {
    __builtin_memset(bytes, 0, count);
    __asm__ volatile("" : : "r"(bytes) : "memory");
}

#endif

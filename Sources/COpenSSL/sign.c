// HMAC-SHA256 from saved mid-states: OpenSSL's HMAC contexts go through providers and cost nearly
// twice as much for a query string of 150 bytes. The block functions are deprecated, not removed.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "COpenSSL.h"

#include <string.h>

// `inner` behind the whole blocks that messages begin with.
struct opening {
    SHA256_CTX state;
    size_t count;
    uint8_t bytes[2 * SHA256_CBLOCK];
};

struct copenssl_hmac_key {
    SHA256_CTX inner;
    SHA256_CTX outer;
    struct opening openings[COPENSSL_HMAC_OPENINGS];
};

static void absorb_key_block(SHA256_CTX *state, const uint8_t *key, uint8_t pad) {
    uint8_t block[SHA256_CBLOCK];
    for (size_t index = 0; index < sizeof block; index++) block[index] = key[index] ^ pad;
    SHA256_Init(state);
    SHA256_Update(state, block, sizeof block);
    OPENSSL_cleanse(block, sizeof block);
}

copenssl_hmac_key *copenssl_hmac_create(const void *secret, size_t count) {
    copenssl_hmac_key *key = OPENSSL_malloc(sizeof *key);
    if (!key) return NULL;
    uint8_t block[SHA256_CBLOCK] = {0};
    if (count > sizeof block) SHA256(secret, count, block);
    else if (count > 0) memcpy(block, secret, count);
    absorb_key_block(&key->inner, block, 0x36);
    absorb_key_block(&key->outer, block, 0x5c);
    OPENSSL_cleanse(block, sizeof block);
    memset(key->openings, 0, sizeof key->openings);
    return key;
}

void copenssl_hmac_prime(copenssl_hmac_key *key, size_t place, const void *bytes, size_t count) {
    struct opening *opening = &key->openings[place % COPENSSL_HMAC_OPENINGS];
    if (count > sizeof opening->bytes) count = sizeof opening->bytes;
    opening->count = count / SHA256_CBLOCK * SHA256_CBLOCK;
    memcpy(opening->bytes, bytes, opening->count);
    opening->state = key->inner;
    SHA256_Update(&opening->state, opening->bytes, opening->count);
}

void copenssl_hmac_destroy(copenssl_hmac_key *key) { OPENSSL_clear_free(key, sizeof *key); }

void copenssl_hmac_sign(
    const copenssl_hmac_key *key, const void *message, size_t count, uint8_t *digest32
) {
    const SHA256_CTX *start = &key->inner;
    size_t known = 0;
    for (size_t place = 0; place < COPENSSL_HMAC_OPENINGS; place++) {
        const struct opening *opening = &key->openings[place];
        if (opening->count <= known || opening->count > count) continue;
        if (memcmp(message, opening->bytes, opening->count) != 0) continue;
        start = &opening->state;
        known = opening->count;
    }
    SHA256_CTX state = *start;
    SHA256_Update(&state, (const uint8_t *)message + known, count - known);
    SHA256_Final(digest32, &state);
    state = key->outer;
    SHA256_Update(&state, digest32, SHA256_DIGEST_LENGTH);
    SHA256_Final(digest32, &state);
    OPENSSL_cleanse(&state, sizeof state);
}

int copenssl_ed25519_sign(
    EVP_MD_CTX *context, const void *message, size_t count, uint8_t *signature64
) {
    size_t length = 64;
    int done = EVP_DigestSign(context, signature64, &length, message, count) == 1 && length == 64;
    if (!done) ERR_clear_error();
    return done;
}

size_t copenssl_base64(uint8_t *text, const uint8_t *bytes, size_t count) {
    size_t written = 0;
    // EVP_EncodeBlock terminates its text, so each block goes through a buffer of its own.
    uint8_t block[64 + 1];
    while (count > 0) {
        size_t taken = count < 48 ? count : 48;
        int length = EVP_EncodeBlock(block, bytes, (int)taken);
        memcpy(text + written, block, (size_t)length);
        written += (size_t)length;
        bytes += taken;
        count -= taken;
    }
    OPENSSL_cleanse(block, sizeof block);
    return written;
}

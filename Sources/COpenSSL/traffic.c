// HKDF-Expand-Label (RFC 8446 section 7.1) on the hashes themselves: the provider's KDF allocates and
// takes locks, and a key update happens between a received byte and a sent one.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "COpenSSL.h"

#include <string.h>

// HMAC (RFC 2104) of a short message; `key` is at most a block long, the digest as long as `key`.
static void hmac_sha256(const uint8_t *key, const uint8_t *message, size_t count, uint8_t *digest) {
    uint8_t block[SHA256_CBLOCK];
    SHA256_CTX state;
    memset(block, 0x36, sizeof block);
    for (size_t index = 0; index < SHA256_DIGEST_LENGTH; index++) block[index] ^= key[index];
    SHA256_Init(&state);
    SHA256_Update(&state, block, sizeof block);
    SHA256_Update(&state, message, count);
    SHA256_Final(digest, &state);
    for (size_t index = 0; index < sizeof block; index++) block[index] ^= 0x36 ^ 0x5c;
    SHA256_Init(&state);
    SHA256_Update(&state, block, sizeof block);
    SHA256_Update(&state, digest, SHA256_DIGEST_LENGTH);
    SHA256_Final(digest, &state);
    OPENSSL_cleanse(block, sizeof block);
    OPENSSL_cleanse(&state, sizeof state);
}

static void hmac_sha384(const uint8_t *key, const uint8_t *message, size_t count, uint8_t *digest) {
    uint8_t block[SHA512_CBLOCK];
    SHA512_CTX state;
    memset(block, 0x36, sizeof block);
    for (size_t index = 0; index < SHA384_DIGEST_LENGTH; index++) block[index] ^= key[index];
    SHA384_Init(&state);
    SHA384_Update(&state, block, sizeof block);
    SHA384_Update(&state, message, count);
    SHA384_Final(digest, &state);
    for (size_t index = 0; index < sizeof block; index++) block[index] ^= 0x36 ^ 0x5c;
    SHA384_Init(&state);
    SHA384_Update(&state, block, sizeof block);
    SHA384_Update(&state, digest, SHA384_DIGEST_LENGTH);
    SHA384_Final(digest, &state);
    OPENSSL_cleanse(block, sizeof block);
    OPENSSL_cleanse(&state, sizeof state);
}

// `count` is at most the hash's length, so one block of HKDF-Expand (RFC 5869) is enough.
static void expand_label(
    const copenssl_traffic *traffic, const char *label, uint8_t *bytes, size_t count
) {
    static const char prefix[] = "tls13 ";
    size_t label_count = strlen(label), prefix_count = sizeof prefix - 1;
    uint8_t info[32], digest[COPENSSL_SECRET_ROOM];
    uint8_t *end = info;
    *end++ = 0;
    *end++ = (uint8_t)count;
    *end++ = (uint8_t)(prefix_count + label_count);
    memcpy(end, prefix, prefix_count);
    memcpy(end + prefix_count, label, label_count);
    end += prefix_count + label_count;
    *end++ = 0; // no context
    *end++ = 1; // the first block
    if (traffic->secret_count == SHA384_DIGEST_LENGTH)
        hmac_sha384(traffic->secret, info, (size_t)(end - info), digest);
    else hmac_sha256(traffic->secret, info, (size_t)(end - info), digest);
    memcpy(bytes, digest, count);
    OPENSSL_cleanse(digest, sizeof digest);
}

void copenssl_traffic_key(
    const copenssl_traffic *traffic, uint8_t *key, size_t key_count, uint8_t *iv
) {
    expand_label(traffic, "key", key, key_count);
    expand_label(traffic, "iv", iv, COPENSSL_IV);
}

void copenssl_traffic_renew(copenssl_traffic *traffic) {
    expand_label(traffic, "traffic upd", traffic->secret, traffic->secret_count);
    traffic->records = 0;
}

void copenssl_wipe(void *bytes, size_t count) { OPENSSL_cleanse(bytes, count); }

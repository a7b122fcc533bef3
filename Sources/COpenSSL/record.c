// TLS 1.3 records through EVP, for ChaCha20-Poly1305 and for processors without AES instructions.
#include "COpenSSL.h"

#include <string.h>

enum { HEADER = 5, TAG = 16 };

struct copenssl_record_key {
    EVP_CIPHER_CTX *context;
    uint8_t iv[COPENSSL_IV];
};

static const EVP_CIPHER *cipher_of(uint16_t suite) {
    switch (suite) {
    case 0x1301: return EVP_aes_128_gcm();
    case 0x1302: return EVP_aes_256_gcm();
    case 0x1303: return EVP_chacha20_poly1305();
    default: return NULL;
    }
}

copenssl_record_key *copenssl_record_create(uint16_t suite, int is_sealing) {
    const EVP_CIPHER *cipher = cipher_of(suite);
    copenssl_record_key *key = cipher ? OPENSSL_zalloc(sizeof *key) : NULL;
    if (!key) return NULL;
    key->context = EVP_CIPHER_CTX_new();
    if (key->context && EVP_CipherInit_ex(key->context, cipher, NULL, NULL, NULL, is_sealing) == 1)
        return key;
    copenssl_record_destroy(key);
    ERR_clear_error();
    return NULL;
}

// EVP wipes the key schedule.
void copenssl_record_destroy(copenssl_record_key *key) {
    if (!key) return;
    EVP_CIPHER_CTX_free(key->context);
    OPENSSL_clear_free(key, sizeof *key);
}

int copenssl_record_set(copenssl_record_key *key, const uint8_t *bytes, const uint8_t *iv) {
    memcpy(key->iv, iv, sizeof key->iv);
    int is_set = EVP_CipherInit_ex(key->context, NULL, NULL, bytes, iv, -1) == 1;
    if (!is_set) ERR_clear_error();
    return is_set;
}

// Starts record number `sequence`: its nonce and the header as associated data.
static int begin(const copenssl_record_key *key, uint64_t sequence, const uint8_t *header) {
    uint8_t nonce[COPENSSL_IV];
    memcpy(nonce, key->iv, sizeof nonce);
    for (int index = 0; index < 8; index++)
        nonce[sizeof nonce - 1 - (size_t)index] ^= (uint8_t)(sequence >> 8 * index);
    int moved;
    return EVP_CipherInit_ex(key->context, NULL, NULL, NULL, nonce, -1) == 1
        && EVP_CipherUpdate(key->context, NULL, &moved, header, HEADER) == 1;
}

int copenssl_record_seal(
    copenssl_record_key *key, uint64_t sequence, const uint8_t *content, size_t count,
    uint8_t type, uint8_t *record
) {
    size_t length = count + 1 + TAG;
    const uint8_t header[HEADER] = {23, 3, 3, (uint8_t)(length >> 8), (uint8_t)length};
    uint8_t *output = record + HEADER;
    int moved, last;
    memcpy(record, header, HEADER);
    int is_sealed = begin(key, sequence, header)
        && EVP_EncryptUpdate(key->context, output, &moved, content, (int)count) == 1
        && EVP_EncryptUpdate(key->context, output + count, &moved, &type, 1) == 1
        && EVP_EncryptFinal_ex(key->context, output + count + 1, &last) == 1
        && EVP_CIPHER_CTX_ctrl(
            key->context, EVP_CTRL_AEAD_GET_TAG, TAG, output + count + 1) == 1;
    if (!is_sealed) ERR_clear_error();
    return is_sealed;
}

int copenssl_record_open(
    copenssl_record_key *key, uint64_t sequence, const uint8_t *record, size_t length,
    uint8_t *inner
) {
    size_t count = length - TAG;
    const uint8_t *text = record + HEADER;
    uint8_t tag[TAG];
    int moved;
    memcpy(tag, text + count, TAG);
    int is_opened = begin(key, sequence, record)
        && EVP_CIPHER_CTX_ctrl(key->context, EVP_CTRL_AEAD_SET_TAG, TAG, tag) == 1
        && EVP_DecryptUpdate(key->context, inner, &moved, text, (int)count) == 1
        && EVP_DecryptFinal_ex(key->context, inner + count, &moved) == 1;
    if (is_opened) return 1;
    OPENSSL_cleanse(inner, count);
    ERR_clear_error();
    return 0;
}

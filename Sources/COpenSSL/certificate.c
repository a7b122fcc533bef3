// What a peer's certificate says, in plain numbers and text.
#include "COpenSSL.h"

#include <time.h>

static void copy_name(const X509_NAME *name, char *text, size_t room) {
    // OpenSSL 3.0 takes no const here, and changes nothing.
    if (X509_NAME_get_text_by_NID((X509_NAME *)name, NID_commonName, text, (int)room) < 0) *text = 0;
}

static int64_t seconds(const ASN1_TIME *moment) {
    struct tm parts;
    return ASN1_TIME_to_tm(moment, &parts) == 1 ? (int64_t)timegm(&parts) : 0;
}

int copenssl_peer_certificate(const SSL *session, copenssl_certificate *found) {
    X509 *certificate = SSL_get0_peer_certificate(session);
    if (certificate == NULL) return 0;
    copy_name(X509_get_subject_name(certificate), found->subject, sizeof found->subject);
    copy_name(X509_get_issuer_name(certificate), found->issuer, sizeof found->issuer);
    found->not_before = seconds(X509_get0_notBefore(certificate));
    found->not_after = seconds(X509_get0_notAfter(certificate));
    STACK_OF(X509) *chain = SSL_get0_verified_chain((SSL *)session);
    found->chain_length = chain == NULL ? 0 : sk_X509_num(chain);
    return 1;
}

int copenssl_heed_revocations(SSL_CTX *context) {
    X509_STORE *trusted = SSL_CTX_get_cert_store(context);
    STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(trusted);
    for (int index = 0; index < sk_X509_OBJECT_num(objects); index++) {
        if (X509_OBJECT_get_type(sk_X509_OBJECT_value(objects, index)) == X509_LU_CRL) {
            return X509_STORE_set_flags(trusted, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
        }
    }
    return 1;
}

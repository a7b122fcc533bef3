import COpenSSL

/// A session that its server offers to resume (RFC 8446 section 2.2).
///
/// A copy: OpenSSL spoils the original when its connection ends without a goodbye.
struct TLSTicket: ~Copyable {
    let session: OpaquePointer

    init?(of established: OpaquePointer) {
        guard let original = SSL_get_session(established),
            SSL_SESSION_is_resumable(original) == 1, let copy = SSL_SESSION_dup(original)
        else { return nil }
        session = copy
    }

    deinit { SSL_SESSION_free(session) }
}

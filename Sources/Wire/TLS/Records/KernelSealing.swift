import COpenSSL
import Glibc

/// Linux's own TLS: bytes sent on a socket that has been given a key leave as records.
///
/// The numbers and layouts are those of `linux/tls.h`; Documentation/networking/tls.rst says what
/// they do. Received records stay ours: the kernel would report every ticket as an error of the
/// receive that OpenSSL and io_uring's multishot receive cannot go on from. Cold.
public enum KernelSealing {
    private static let protocolOption: Int32 = 31
    private static let level: Int32 = 282
    private static let transmit: Int32 = 1
    private static let setRecordType: Int32 = 1

    /// Why this kernel cannot: 0 when it can, else an errno; ENOENT without the module `tls`.
    public static var refusal: Int32 {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard file >= 0 else { return errno }
        defer { close(file) }
        let error = setProtocol(file)
        // It is there, and this socket is only not connected.
        return error == ENOTCONN ? 0 : error
    }

    /// The same in words; `nil` when it can.
    public static var refusalText: String? {
        let error = refusal
        if error == 0 { return nil }
        let advice = error == ENOENT ? "; try: modprobe tls" : ""
        return String(cString: strerror(error)) + advice
    }

    /// Gives `file` a key for what it sends, from the record with number `sequence` on; 0 or errno.
    static func begin(
        on file: Int32, _ suite: RecordSuite, key: UnsafePointer<UInt8>, iv: UnsafePointer<UInt8>,
        sequence: UInt64
    ) -> Int32 {
        let error = setProtocol(file)
        guard error == 0 || error == EEXIST else { return error }
        return withUnsafeTemporaryAllocation(byteCount: largestInfo, alignment: 8) { info in
            defer { if let base = info.baseAddress { copenssl_wipe(base, info.count) } }
            let count = write(suite, key: key, iv: iv, sequence: sequence, to: info)
            return setsockopt(file, level, transmit, info.baseAddress, socklen_t(count)) == 0
                ? 0 : errno
        }
    }

    private static func setProtocol(_ file: Int32) -> Int32 {
        setsockopt(file, Int32(IPPROTO_TCP), protocolOption, "tls", 3) == 0 ? 0 : errno
    }

    static let largestInfo = 56

    /// Writes a `tls12_crypto_info_` structure; returns its size.
    static func write(
        _ suite: RecordSuite, key: UnsafePointer<UInt8>, iv: UnsafePointer<UInt8>, sequence: UInt64,
        to info: UnsafeMutableRawBufferPointer
    ) -> Int {
        info.storeBytes(of: UInt16(TLS1_3_VERSION).littleEndian, as: UInt16.self)
        let number: UInt16
        switch suite {
        case .aes128GCM: number = 51
        case .aes256GCM: number = 52
        case .chaCha20Poly1305: number = 54
        }
        info.storeBytes(of: number.littleEndian, toByteOffset: 2, as: UInt16.self)
        // AES-GCM: the IV's first four bytes are the salt, which stands behind the key.
        let saltCount = number == 54 ? 0 : 4
        var offset = 4
        func put(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
            for place in 0..<count { info[offset + place] = bytes[place] }
            offset += count
        }
        put(iv + saltCount, Int(COPENSSL_IV) - saltCount)
        put(key, suite.keyCount)
        put(iv, saltCount)
        for place in 0..<8 {
            info[offset + place] = UInt8(truncatingIfNeeded: sequence >> UInt64(56 - 8 * place))
        }
        return offset + 8
    }

    /// Sends an alert as a record of its own, as far as the socket takes it.
    static func sendAlert(level alert: UInt8, description: UInt8, on file: Int32) {
        var content: (UInt8, UInt8) = (alert, description)
        withUnsafeMutableBytes(of: &content) { bytes in
            // A control message of one byte: length, level, type and the byte, padded to eight.
            withUnsafeTemporaryAllocation(byteCount: 24, alignment: 8) { control in
                control.initializeMemory(as: UInt8.self, repeating: 0)
                control.storeBytes(of: 17, as: Int.self)
                control.storeBytes(of: level, toByteOffset: 8, as: Int32.self)
                control.storeBytes(of: setRecordType, toByteOffset: 12, as: Int32.self)
                control[16] = RecordConversation.ContentType.alert
                var vector = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
                withUnsafeMutablePointer(to: &vector) { vector in
                    var message = msghdr()
                    message.msg_iov = vector
                    message.msg_iovlen = 1
                    message.msg_control = control.baseAddress
                    message.msg_controllen = control.count
                    _ = sendmsg(file, &message, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
                }
            }
        }
    }
}

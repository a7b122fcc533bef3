import COpenSSL
import Glibc

/// What follows a TLS 1.3 handshake: application data, tickets, key updates and alerts, in records
/// that are opened where they were received and sealed where they will be sent.
///
/// Once something is wrong every later read and write fails; the peer is told why, once.
struct RecordConversation: ~Copyable {
    /// Sizes of RFC 8446 section 5, in bytes.
    static var header: Int {
        @_noLocks get { 5 }
    }
    static var tag: Int {
        @_noLocks get { 16 }
    }
    /// Content, its type and padding. With the tag that is less than the 2^14 + 256 that other
    /// ciphers may need, so what is longer cannot be right.
    static var longestInner: Int {
        @_noLocks get { 16_385 }
    }
    static var keyUpdateRecord: Int {
        @_noLocks get { 27 }
    }
    static var alertRecord: Int {
        @_noLocks get { 24 }
    }

    enum ContentType {
        static var alert: UInt8 {
            @_noLocks get { 21 }
        }
        static var handshake: UInt8 {
            @_noLocks get { 22 }
        }
        static var applicationData: UInt8 {
            @_noLocks get { 23 }
        }
    }

    enum ReadingEnd: UInt8 {
        case none
        /// The peer's close_notify.
        case closed
        case failed
    }

    let window: UnsafeMutablePointer<copenssl_window>
    var reading: RecordCipher
    var writing: RecordCipher
    private let recordsPerKey: UInt64
    /// A client's OpenSSL session, as long as every record so far has been shown to it.
    var session: OpaquePointer?
    var recordsShown: UInt64
    /// A record that has not arrived whole.
    let fragment: UnsafeMutablePointer<UInt8>
    var fragmentCount = 0
    /// Content of the alert or key update being sealed, with the slack that sealing reads.
    private let control: UnsafeMutablePointer<UInt8>
    var handshake: PostHandshakeReader
    var readingEnd = ReadingEnd.none
    var isWritingOver = false
    /// The peer wants our keys renewed, before our next application data at the latest.
    var owesKeyUpdate = false
    /// The kernel makes records of what is written (``KernelSealing``).
    private(set) var isSealedByKernel = false
    /// Level and description of an alert that the kernel is to make a record of; 0: none.
    private var owedAlert: UInt16 = 0

    /// Takes over from `session`, whose handshake is done; nil when a key cannot be made.
    init?(
        session: OpaquePointer, window: UnsafeMutablePointer<copenssl_window>, suite: RecordSuite,
        recordsPerKey: UInt64
    ) {
        guard let readings = window.pointer(to: \.reading),
            let writings = window.pointer(to: \.writing),
            let reading = RecordCipher(suite: suite, traffic: readings, isSealing: false),
            let writing = RecordCipher(suite: suite, traffic: writings, isSealing: true)
        else { return nil }
        copenssl_unwatch(session)
        let isServer = SSL_is_server(session) == 1
        self.window = window
        self.reading = reading
        self.writing = writing
        self.recordsPerKey = recordsPerKey
        self.session = isServer ? nil : session
        recordsShown = readings.pointee.records
        handshake = PostHandshakeReader(isServer: isServer)
        let longest = Self.header + Self.longestInner + Self.tag
        fragment = .allocate(capacity: longest + ByteBuffer.slack)
        fragment.initialize(repeating: 0, count: longest + ByteBuffer.slack)
        control = .allocate(capacity: ByteBuffer.slack)
        control.initialize(repeating: 0, count: ByteBuffer.slack)
    }

    deinit {
        fragment.deallocate()
        control.deallocate()
    }

    // MARK: - Writing

    /// Seals `plaintext` into `outgoing` as long as `reserve` bytes of room remain.
    @_noLocks mutating func write(
        from plaintext: inout ByteBuffer, to outgoing: inout ByteBuffer, keeping reserve: Int
    ) -> TLSProgress {
        guard !isWritingOver else { return .failed }
        while plaintext.count > 0 {
            let count = min(plaintext.count, TLSChannel.maximumRecord)
            let needed = count &+ TLSChannel.recordOverhead
            guard needed <= outgoing.room &- reserve else { return .noRoom }
            if owesKeyUpdate || writing.records >= recordsPerKey {
                guard !isSealedByKernel else { return refuseNewKey(&outgoing) }
                // The reserve is for such messages, but the record must still fit behind it.
                guard needed &+ Self.keyUpdateRecord <= outgoing.room else { return .noRoom }
                updateKeys(to: &outgoing)
            }
            guard append(plaintext.readable, count, ContentType.applicationData, to: &outgoing)
            else { return .failed }
            plaintext.consume(count)
        }
        return .done
    }

    /// Queues close_notify, once; nothing is written after it.
    @_noLocks mutating func close(to outgoing: inout ByteBuffer) {
        sendAlert(level: 1, description: 0, to: &outgoing)
    }

    @_noLocks mutating func sendAlert(
        level: UInt8, description: UInt8, to outgoing: inout ByteBuffer
    ) {
        guard !isWritingOver, outgoing.room >= Self.alertRecord else { return }
        isWritingOver = true
        if isSealedByKernel {
            owedAlert = UInt16(level) << 8 | UInt16(description)
            return
        }
        control[0] = level
        control[1] = description
        _ = append(control, 2, ContentType.alert, to: &outgoing)
    }

    // MARK: - The kernel's records

    /// Lets the kernel seal what is sent on `file` from here on: every record of ours must have been
    /// sent. 0, or the kernel's errno, and then nothing has changed. Cold.
    mutating func letKernelSeal(_ file: Int32) -> Int32 {
        guard !isWritingOver, !owesKeyUpdate else { return EBUSY }
        let error = writing.withKey { suite, key, iv, sequence in
            KernelSealing.begin(on: file, suite, key: key, iv: iv, sequence: sequence)
        }
        isSealedByKernel = error == 0
        return error
    }

    /// Has the kernel send the alert that is owed, behind everything else. Cold.
    mutating func sendOwedAlert(_ file: Int32) {
        if owedAlert == 0 { return }
        KernelSealing.sendAlert(
            level: UInt8(owedAlert >> 8), description: UInt8(truncatingIfNeeded: owedAlert), on: file)
        owedAlert = 0
    }

    /// Kernels before 6.14 keep the key they were given: the conversation ends instead.
    private mutating func refuseNewKey(_ outgoing: inout ByteBuffer) -> TLSProgress {
        window.pointee.error_code = RecordViolation.keyKept.errorCode
        close(to: &outgoing)
        return .failed
    }

    /// Tells the peer of our next key and changes to it; does not ask for the peer's.
    @_noLocks mutating func updateKeys(to outgoing: inout ByteBuffer) {
        control[0] = PostHandshakeReader.Kind.keyUpdate
        control[1] = 0
        control[2] = 0
        control[3] = 1
        control[4] = 0
        let isSent = append(control, 5, ContentType.handshake, to: &outgoing)
        owesKeyUpdate = false
        if !isSent || !writing.renew() { isWritingOver = true }
    }

    private mutating func append(
        _ content: UnsafeRawPointer, _ count: Int, _ type: UInt8, to outgoing: inout ByteBuffer
    ) -> Bool {
        if isSealedByKernel {
            writing.skip()
            return outgoing.append(content, count)
        }
        guard writing.seal(content, count, type: type, to: outgoing.writable) else {
            isWritingOver = true
            return false
        }
        outgoing.commit(count &+ TLSChannel.recordOverhead)
        return true
    }
}

extension ClientLink {
    /// Where the connection stands.
    public var phase: LinkPhase {
        @_noLocks get { core.phase }
    }

    /// Shows the link `count` received bytes, which stay readable until `next()` answers `.none`.
    @_noLocks public mutating func receive(
        _ bytes: UnsafeRawPointer, _ count: Int, now: Int64
    ) { core.receive(bytes, count, now: now) }

    /// The next thing that happened.
    @_noLocks public mutating func next() -> LinkMessage {
        core.isStreaming ? core.nextMessage() : core.nextColdMessage()
    }

    /// Sends a text message; false when the WebSocket is not open or its queue is full.
    @_noLocks public mutating func sendText(_ bytes: UnsafeRawPointer, _ count: Int) -> Bool {
        core.sendFrame(.text, bytes, count)
    }

    /// Sends a binary message; false when the WebSocket is not open or its queue is full.
    @_noLocks public mutating func sendBinary(_ bytes: UnsafeRawPointer, _ count: Int) -> Bool {
        core.sendFrame(.binary, bytes, count)
    }

    /// Queues a text message for the next `seal()`, which encrypts all of them together.
    @_noLocks public mutating func queueText(_ bytes: UnsafeRawPointer, _ count: Int) -> Bool {
        core.queueFrame(.text, bytes, count)
    }

    /// Encrypts what is queued into as few records as possible; false while there is no room.
    @_noLocks @discardableResult public mutating func seal() -> Bool { core.seal() }

    /// Sends a ping; `next()` reports its pong with the round trip.
    @_noLocks public mutating func ping(now: Int64) {
        core.now = now
        core.ping()
    }

    /// Starts the closing handshake; `next()` reports its end.
    @_noLocks public mutating func close(code: UInt16 = 1000, now: Int64) {
        core.now = now
        core.close(code: code)
    }

    /// Ciphertext to send.
    public var outgoing: (pointer: UnsafeRawPointer, count: Int) {
        @_noLocks get { (UnsafeRawPointer(core.outgoing.readable), core.outgoing.count) }
    }

    /// Bytes to send now. They stay where they are until `finishSend`.
    @_noLocks public mutating func beginSend() -> (pointer: UnsafeRawPointer, count: Int) {
        core.beginSend()
    }

    /// The transport has sent `count` of those bytes, perhaps not all.
    @_noLocks public mutating func finishSend(_ count: Int) { core.finishSend(count) }

    /// True between `beginSend` of at least one byte and `finishSend`.
    public var isSendInFlight: Bool {
        @_noLocks get { core.isSendInFlight }
    }

    /// True when the connection has ended and its last bytes are sent: close the transport.
    public var shouldCloseTransport: Bool {
        @_noLocks get { core.isClosed && core.outgoing.count == 0 }
    }

    /// True until the kernel has been asked to seal what leaves, where the TLS context wants that. Cold.
    public var wantsKernel: Bool { core.channel.wantsKernel }

    /// Asks the kernel to seal what leaves on `file`, the connection's socket, once the connection is
    /// open and nothing is under way; call it again as long as `wantsKernel`. Cold.
    public mutating func letKernelSeal(_ file: Int32) {
        guard core.channel.wantsKernel, core.isOpen, file >= 0, !core.isSendInFlight,
            core.outgoing.count == 0, core.queue.count == 0
        else { return }
        core.channel.letKernelSeal(file)
    }

    /// Ends TLS on `file` in order where the kernel seals: before the transport closes it. Cold.
    public mutating func sayGoodbye(on file: Int32) { core.channel.sendOwedAlert(file) }

    /// When `tick` must be called at the latest, on the caller's clock; `Int64.max` for never.
    public var nextDeadline: Int64 {
        @_noLocks get { core.nextDeadline }
    }

    /// Lets time pass: pings are sent, and what took too long ends the connection.
    @_noLocks public mutating func tick(now: Int64) { core.tick(now: now) }

    /// TSC when the current message's last record was decrypted.
    public var decryptedTicks: UInt64 {
        @_noLocks get { core.decryptedTicks }
    }

    /// TSC when the current message was found in the plaintext.
    public var unframedTicks: UInt64 {
        @_noLocks get { core.unframedTicks }
    }

    /// Protocol version and suite, for reports. Cold.
    public var negotiated: String { core.channel.negotiated }

    /// True when the handshake resumed an earlier session. Cold.
    public var isResumed: Bool { core.channel.isResumed }

    /// Who protects the records: nil before the end of the handshake and without TLS. Cold.
    public var recordLayer: TLSRecordLayer? { core.channel.recordLayer }

    /// The server's certificate: nil before the end of the handshake and without TLS. Cold.
    public var peerCertificate: PeerCertificate? { core.channel.peerCertificate }

    /// OpenSSL's words for the last failure, for logs; never key material. Cold.
    public var failureText: String { core.channel.failureText }
}

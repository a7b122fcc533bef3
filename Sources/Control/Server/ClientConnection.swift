import Glibc

/// One client of the control socket, owned by the loop's thread.
struct ClientConnection {
    let descriptor: Int32
    let peer: PeerCredentials
    var lines: LineBuffer
    /// A request is in work: nothing is read meanwhile.
    var isBusy = false
    /// The peer will send no more.
    var hasEnded = false
    /// Ended, and every whole line was answered.
    var isDrained = false
    /// The peer closed both ways: its last lines are still obeyed, answers go nowhere.
    var isHungUp = false

    private var output: [UInt8] = []
    private var written = 0
    private var progressTime: Int64 = 0

    init(descriptor: Int32, peer: PeerCredentials, limits: ControlLimits) {
        self.descriptor = descriptor
        self.peer = peer
        lines = LineBuffer(limit: limits.requestBytes)
    }

    var hasOutput: Bool { written < output.count }

    var interest: Int16 {
        var events: Int16 = 0
        // Lines sent ahead wait in the kernel's buffer, which is bounded.
        if !isBusy, !hasEnded, lines.needsMore { events |= Int16(POLLIN) }
        if hasOutput { events |= Int16(POLLOUT) }
        return events
    }

    func isFinished(now: Int64, _ limits: ControlLimits) -> Bool {
        if isDrained, !isBusy, isHungUp || !hasOutput { return true }
        guard hasOutput, !isHungUp else { return false }
        return output.count - written > limits.outputBytes
            || now - progressTime > limits.stallMilliseconds
    }

    mutating func enqueue(_ bytes: [UInt8], isAnswer: Bool, now: Int64) {
        if isAnswer { isBusy = false }
        if isHungUp { return }
        if !hasOutput { progressTime = now }
        output.append(contentsOf: bytes)
    }

    /// Reads what is there, at most one chunk a turn so that no client starves the others.
    mutating func receive() {
        var chunk: [UInt8] = Array(repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count > 0 {
            lines.append(chunk[..<count])
        } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
            hasEnded = true
        }
    }

    /// Reads what a peer left behind; the kernel's socket buffer bounds it.
    mutating func receiveRest() {
        while !hasEnded { receive() }
    }

    mutating func flush(now: Int64) {
        while hasOutput {
            let count = output[written...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                written += count
                progressTime = now
            } else if errno == EAGAIN {
                return
            } else if errno != EINTR {
                isHungUp = true
                break
            }
        }
        output.removeAll()
        written = 0
    }
}

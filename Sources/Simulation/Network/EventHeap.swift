import Wire

/// Something that a socket will hear of.
struct NetworkEvent {
    var due: Int64
    /// Breaks ties: first come, first served.
    var number: UInt64
    var kind: SocketEvent.Kind
    var slot: Int
    /// Of the connection; an event for a slot that belongs to another by now is dropped.
    var connection: UInt64
    var error: Int32 = 0
    /// Received bytes, owned by the event.
    var bytes: UnsafeMutableRawPointer?
    var count = 0
}

/// Events in the order they are due: a binary heap.
struct EventHeap {
    private var events: [NetworkEvent] = []

    var first: NetworkEvent? { events.first }

    mutating func push(_ event: NetworkEvent) {
        events.append(event)
        var child = events.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            if !isBefore(child, parent) { break }
            events.swapAt(child, parent)
            child = parent
        }
    }

    mutating func pop() -> NetworkEvent? {
        guard let last = events.popLast() else { return nil }
        guard let top = events.first else { return last }
        events[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < events.count && isBefore(child, least) { least = child }
            if least == parent { return top }
            events.swapAt(parent, least)
            parent = least
        }
    }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        (events[left].due, events[left].number) < (events[right].due, events[right].number)
    }
}

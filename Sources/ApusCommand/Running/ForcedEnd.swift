import Engine

/// What an operator has to know when an engine ends without its venue's last word.
enum ForcedEnd {
    static func words(_ open: OpenOrders, configuration file: String) -> String {
        if open.isEmpty { return "ended at once; no order was open" }
        return "ended at once; \(open) may still be open at the venue\nnext: "
            + next(configuration: file)
    }

    static func next(configuration file: String) -> String {
        "apus run --config \(file) cancels them before it trades, or cancel them at the venue"
    }
}

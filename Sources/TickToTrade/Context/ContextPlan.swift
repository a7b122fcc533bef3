import MarketContext
import MarketModel

/// The market contexts that a lane keeps for its strategies; each is computed once, however many
/// strategies look at it.
public struct ContextPlan: Sendable {
    /// One context of one instrument.
    public struct Entry: Sendable {
        /// Slot of the instrument.
        public var instrument: Int
        public var settings: ContextSettings
        /// Slots of the strategies that look at it.
        public var strategies: [Int]
    }

    public private(set) var entries: [Entry] = []
    /// How far back the trades of an instrument are wanted, by its slot; none for those that only
    /// live trades are wanted of.
    public private(set) var warmUps: [Int: Nanoseconds] = [:]
    /// When the sessions of each calendar open and close.
    public let boundaries: [SessionCalendar: [SessionBoundary]]

    /// No context.
    public static var none: ContextPlan { ContextPlan(boundaries: [:]) }

    /// With the boundaries of every calendar that contexts are going to ask for.
    public init(boundaries: [SessionCalendar: [SessionBoundary]]) {
        self.boundaries = boundaries
    }

    /// `strategy` looks at a context of `instrument` with these settings. The contexts of an
    /// instrument share its trades: those of the longest warm-up go into all of them.
    public mutating func add(
        _ settings: ContextSettings, instrument: Int, strategy: Int, warmUp: Nanoseconds = .zero
    ) {
        if warmUp > .zero { warmUps[instrument] = max(warmUps[instrument] ?? .zero, warmUp) }
        let known = entries.firstIndex {
            $0.instrument == instrument && $0.settings == settings
        }
        if let known {
            entries[known].strategies.append(strategy)
            return
        }
        // In the order of instruments, so that a trade finds its contexts side by side.
        let place = entries.firstIndex { $0.instrument > instrument } ?? entries.count
        entries.insert(
            Entry(instrument: instrument, settings: settings, strategies: [strategy]), at: place)
    }
}

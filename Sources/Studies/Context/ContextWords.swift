/// What the documentation says about each family.
extension ContextPage.Family {
    var title: String {
        switch self {
        case .bars: "Bars"
        case .profile: "Profile and value area"
        case .levels: "Levels"
        case .sessions: "Sessions"
        case .flow: "Order flow"
        }
    }

    var summary: String {
        switch self {
        case .bars: "Bars of time and of activity, from trades one by one."
        case .profile: "Where volume was traded, and what the day holds to be a fair price."
        case .levels: "Highs, lows and points of control that earlier periods have left."
        case .sessions: "Market places by their own clocks, each with a context of its own."
        case .flow: "Who was in a hurry: bought and sold by aggressors, price by price."
        }
    }

    var picture: String {
        switch self {
        case .bars: "One day as bars of time, volume, range, imbalance and as Renko bricks"
        case .profile: "Candles with VWAP, its bands, point of control, value area and the profile"
        case .levels: "Candles with the highs and lows of earlier periods and naked levels"
        case .sessions: "Candles below the strips of Asia, London, New York and their overlap"
        case .flow: "The footprint of eight bars, sold and bought in each price bin"
        }
    }

    var command: String {
        switch self {
        case .bars: "apus context compute --input trades.csv.gz --bars 15m --table bars"
        case .profile: "apus context compute --input trades.csv.gz --table profile"
        case .levels, .sessions: "apus context compute --input trades.csv.gz --chart chart.svg"
        case .flow: "apus context compute --input trades.csv.gz --footprint footprint.svg"
        }
    }

    var text: [String] {
        switch self {
        case .bars: Self.barText
        case .profile: Self.profileText
        case .levels: Self.levelText
        case .sessions: Self.sessionText
        case .flow: Self.flowText
        }
    }

    private static let barText = [
        "## Kinds", "",
        "| type | closes | source |", "|---|---|---|",
        "| ``CandleBuilder`` | with a multiple of a length since 1970 UTC, a week from Monday, a "
            + "month | the venues' own rule |",
        "| ``CandleAggregator`` | as above, from shorter bars | equal to building directly |",
        "| ``ActivityBars`` | with so many trades, so much volume or money, or too wide a range | "
            + "López de Prado, Advances in Financial Machine Learning, 2.3.1 |",
        "| ``ImbalanceBars`` | when takers lean further one way than expected | the same, 2.3.2.1 |",
        "| ``RenkoBars`` | with each brick of one height; two heights to turn | grid of the height's "
            + "multiples |", "",
        "## Rules", "",
        "Only bars with trades exist. A trade's venue time decides its bar of time; one that comes "
            + "after its bar was closed is counted and changes nothing, because a closed bar is "
            + "final. Every bar has taker buy volume, quote volume and the number of trades, and "
            + "with them delta and VWAP.", "",
        "A bar that trades are missing of is marked `isPartial`: the one in which the trades begin, "
            + "and those of a gap (``CandleBuilder/markIncomplete(through:)``). All cost constant "
            + "time a trade and take their memory at the start.",
    ]

    private static let profileText = [
        "## Definitions", "",
        "| what | how |", "|---|---|",
        "| bin | `floor(price / size)`, in whole ticks; the lowest price stands for it |",
        "| VWAP | sum of price × quantity over sum of quantity, of the session |",
        "| deviation | of trade prices from it, weighted by quantity (population) |",
        "| point of control | the bin with most volume, of equal ones the lowest |",
        "| value area | from the point of control outwards, the larger neighbour first, until it "
            + "holds 70 % of the volume (``ContextSettings/valueAreaShare``), by single rows or by "
            + "pairs (``ValueAreaRule``) |", "",
        "A trade costs constant time; a value area time with the rows that it holds. The window of "
            + "bins is fixed: what is traded further away is counted in "
            + "``VolumeProfile/outsideVolume``, and the session is partial.",
    ]

    private static let levelText = [
        "## Definitions", "",
        "| name | what |", "|---|---|",
        "| PDH, PDL | high and low of the last UTC day with trades |",
        "| PWH, PWL; PMH, PML | of the last week from Monday, and of the last month |",
        "| ORH, ORL | of the session's first quarter of an hour (``ContextSettings/openingRange``) |",
        "| IBH, IBL | of its first hour (``ContextSettings/initialBalance``) |",
        "| nPOC | an earlier day's point of control that no price has touched since; the newest 64 "
            + "(``NakedLevels``) |", "",
        "In a lane the days before the first trade come from the venue's daily candles. A level is "
            + "partial when trades of its period are missing; a naked one also when trades since "
            + "are, for one of them may have touched it.",
    ]

    private static let sessionText = [
        "## Rules", "",
        "| session | hours | time zone |", "|---|---|---|",
        "| asia | 09:00–18:00 | Asia/Tokyo |", "| london | 08:00–17:00 | Europe/London |",
        "| new_york | 08:00–17:00 | America/New_York |",
        "| overlap | while London and New York are open | – |", "",
        "Hours are local: the system's time zone database says what UTC makes of them, so that a "
            + "session does not drift with daylight saving. Other calendars, with days of the week "
            + "and holidays, are a ``SessionCalendar``. The UTC day is always there besides.", "",
        "Each has its own VWAP, profile, ranges and delta (``SessionContext``), and leaves a "
            + "``SessionSummary``. `onContext` tells when one opens or closes.",
    ]

    private static let flowText = [
        "## Definitions", "",
        "| what | how |", "|---|---|",
        "| delta | bought less sold by aggressors; cumulative since the first trade |",
        "| footprint | bought and sold in each bin of each bar (``FootprintBars``) |",
        "| regime | Kaufman's efficiency ratio of closed bars with hysteresis "
            + "(``RegimeClassifier``) |",
        "| liquidation zones | forced orders in a rolling window, a lower bound "
            + "(``LiquidationZones``) |", "",
        "The aggressor is the taker: where the buyer was the maker, the trade was sold. A footprint "
            + "keeps as many closed bars as asked for; numbers are of the base asset.",
    ]
}

import CFloor
import Indicators

/// The work whose instructions are counted to show that an update costs the same however many
/// inputs came before.
///
/// Under callgrind each stretch is dumped under a name of its own: the indicator and the inputs
/// before it. A stretch is one ``IndicatorLap``: windows that are worked through now and then are
/// worked through as often in each.
package enum IndicatorCounts {
    /// Inputs before a stretch, counted from where every window is full.
    package static let before = [10, 1_000, 1_000_000]
    /// Updates in a stretch.
    package static let operations = IndicatorLap.length

    /// What can be counted.
    package static let names = IndicatorCatalogue.entries.map(\.name)

    /// Does it for the indicators of these names, each of which `began` hears before; `briefly`
    /// with the fewest inputs alone.
    package static func run(
        _ names: some Sequence<String>, briefly: Bool = false, began: (String) -> Void
    ) throws {
        let before = briefly ? [before[0]] : before
        for name in names {
            let entry = try IndicatorCatalogue.entry(name)
            began(entry.name)
            for inputs in before {
                let loop = try entry.loop(over: IndicatorLap.samples(for: entry))
                // A lap is longer than every standard window and warm-up.
                loop.update(operations + inputs)
                "\(entry.name) \(inputs)".withCString { name in
                    cfloor_count_start()
                    loop.update(operations)
                    cfloor_count_end(name)
                }
            }
        }
    }
}

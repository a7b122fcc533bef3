import CFloor
import Indicators

/// The work whose instructions are counted to show that an update costs the same however many
/// inputs came before.
///
/// Under callgrind each stretch is dumped under a name of its own: the indicator and the inputs
/// before it. A stretch is one ``IndicatorLap``: windows that are worked through now and then are
/// worked through as often in each.
package enum IndicatorCounts {
    /// Updates in a stretch.
    package static let operations = IndicatorLap.length

    /// What can be counted.
    package static let names = IndicatorCatalogue.entries.map(\.name)

    /// Does it for the indicators of these names, each of which `began` hears before.
    ///
    /// A stretch is counted after each of `before` inputs, taken from where every window is full.
    package static func run(
        _ names: some Sequence<String>, after before: [Int], began: (String) -> Void
    ) throws {
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

import CFloor
import Indicators

/// TA-Lib's functions over arrays, from its shared library.
final class TALibrary {
    private let library: OpaquePointer
    private var columns: [UnsafeMutablePointer<Double>] = []

    init(path: String) throws {
        guard let library = cfloor_talib_load(path) else {
            throw BenchmarkFailure("\(path) is not TA-Lib's shared library")
        }
        self.library = library
    }

    deinit { for column in columns { column.deallocate() } }

    /// One whole series; `nil` if TA-Lib has no such function or refuses it.
    func function(_ entry: CatalogueEntry, _ samples: [MarketSample]) -> TAFunction? {
        let parameters = entry.parameters.map(\.standard)
        let call = cfloor_talib_prepare(
            library, entry.name, parameters, parameters.count, series(of: samples))
        guard let call else { return nil }
        let function = TAFunction(call)
        return function.run() > 0 ? function : nil
    }

    private func series(of samples: [MarketSample]) -> cfloor_series {
        func column(_ number: (MarketSample) -> Double) -> UnsafePointer<Double> {
            let numbers = UnsafeMutablePointer<Double>.allocate(capacity: samples.count)
            for (row, sample) in samples.enumerated() { numbers[row] = number(sample) }
            columns.append(numbers)
            return UnsafePointer(numbers)
        }
        return cfloor_series(
            columns: (
                column { $0.bar.open }, column { $0.bar.high }, column { $0.bar.low },
                column { $0.bar.close }, column { $0.bar.volume }, column { $0.second }
            ), count: samples.count)
    }
}

/// A function of TA-Lib with its series.
final class TAFunction {
    private let call: OpaquePointer

    init(_ call: OpaquePointer) { self.call = call }

    deinit { cfloor_talib_end(call) }

    /// Values made.
    @discardableResult
    func run() -> Int { Int(cfloor_talib_run(call)) }
}

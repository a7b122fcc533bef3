// swift-tools-version: 6.2
import PackageDescription

// The package in the order data flows: shims, the leaf kit, the wire, the codecs, the hot core,
// the journal, the outer ring, the exchange emulator, the engine, the command.
//
// `APUS_TARGETS=Codec,Journal swift build --build-tests` builds only those targets, what they
// import and their tests: the inner loop of someone working on the core takes seconds.

/// `APUS_FUZZ=1`, as scripts/fuzz sets it: coverage, AddressSanitizer and what tests may see, in every
/// target, and the fuzzer beside them. `APUS_FUZZ=fast` leaves AddressSanitizer out.
let fuzzes = Context.environment["APUS_FUZZ"] != nil
let isFastFuzz = Context.environment["APUS_FUZZ"] == "fast"
let fuzzSanitizers = isFastFuzz ? "fuzzer" : "fuzzer,address"

// MARK: - Roles: a target's settings follow from its place in the design.

/// Swift settings that every target shares: language mode 6, no warnings, AVX2-class machines.
let common: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags(["-Xcc", "-march=haswell"], .when(platforms: [.linux])),
    .unsafeFlags(["-target-cpu", "haswell"], .when(configuration: .release)),
    // Two functions that differ only in whom they call are not to become one that calls through
    // pointers: a lane's duty cycle on io_uring and the one on plain sockets would (scripts/audit).
    .unsafeFlags(["-Xfrontend", "-disable-llvm-merge-functions-pass"], .when(configuration: .release)),
] + (fuzzes ? [.unsafeFlags(["-sanitize=\(fuzzSanitizers)", "-enable-testing"])] : [])

let shimSettings: [CSetting] = [
    .define("_GNU_SOURCE"),
    .unsafeFlags(["-march=haswell", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror"]),
    .unsafeFlags(["-Wfunction-effects", "-Werror=function-effects"]),
] + (fuzzes
    ? [.unsafeFlags(["-fsanitize=fuzzer-no-link" + (isFastFuzz ? "" : ",address")])] : [])

/// A C target: what Swift cannot say, no logic.
@MainActor func shim(
    _ name: String, path: String? = nil, links: [String], imports: [Target.Dependency] = [],
    settings: [CSetting] = []
) -> Target {
    .target(
        name: name,
        dependencies: imports,
        path: path,
        cSettings: shimSettings + settings,
        linkerSettings: links.map { .linkedLibrary($0) }
    )
}

/// A library target with a test target of the same name beside it.
@MainActor func library(
    _ name: String, imports: [Target.Dependency] = [], tests: [Target.Dependency] = [],
    settings: [SwiftSetting] = []
) -> [Target] {
    [
        .target(name: name, dependencies: imports, swiftSettings: common + settings),
        .testTarget(
            name: name + "Tests",
            dependencies: [.byName(name: name)] + imports + tests,
            swiftSettings: common
        ),
    ]
}

/// Accesses to fields of classes are checked in debug builds, where tests run; in release builds the
/// checks would be a tenth of what a simulation takes.
let withoutAccessChecks: [SwiftSetting] = [
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
]

/// What benchmarks measure and measure with.
let benchmarked: [Target.Dependency] = [
    "MarketModel", "Rings", "Machine", "Wire", "Codec", "Venues", "Indicators", "Studies",
    "TickToTrade", "MarketContext", "Journal", "Telemetry", "Emulator", "Engine", "CLinuxURing",
    "CRecordCrypto",
]

/// Whatever reads bytes from outside.
let fuzzed: [Target.Dependency] = [
    "MarketModel", "MarketContext", "Wire", "COpenSSL", "Codec", "Venues", "Studies", "TickToTrade",
    "Journal", "Control", "Emulator", "Engine", "Simulation", "Telemetry",
]

let targets: [[Target]] = [
    // The C library's mathematics, marked for the hot path.
    [shim("CLibm", links: ["m"])],
    // Numbers in text by vector instructions, marked for the hot path.
    [shim("CDigits", links: [])],
    // What Swift cannot say: io_uring, affinity, NUMA, huge pages, TSC, prefetch.
    [shim("CLinuxURing", links: ["uring", "numa"])],
    // The system's TLS and hashes, with shims for its macros.
    [shim("COpenSSL", links: ["ssl", "crypto"])],
    // AES-GCM for TLS records in the processor's own instructions. Optimised always: otherwise the
    // compiler leaves keys on the stack.
    [shim("CRecordCrypto", links: [], settings: [.unsafeFlags(["-O2"])])],
    // The system's gzip, to read recorded captures.
    [.systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])])],

    // The shared words: prices, quantities, times, ids and the records that travel rings.
    library("MarketModel"),
    // Bounded lock-free channels, one owner per end.
    library("Rings"),
    // The computer as we need it: pinned threads, clocks, arenas, counters, histograms.
    library("Machine", imports: ["CLinuxURing"]),

    // Certificates with faults for tests, made with OpenSSL.
    [
        .target(
            name: "BrokenChains", dependencies: ["COpenSSL"], path: "Tests/BrokenChains",
            swiftSettings: common)
    ],
    // io_uring, TCP, TLS, HTTP/1.1, WebSocket: client and server.
    library(
        "Wire", imports: ["CLinuxURing", "COpenSSL", "CRecordCrypto", "Machine", "Rings"],
        tests: ["BrokenChains"]),
    // Reads the venue's binary schema for tests.
    [.target(name: "BinarySchema", path: "Tests/BinarySchema", swiftSettings: common)],
    // Pure translation between venue messages and records.
    library("Codec", imports: ["MarketModel", "CDigits"], tests: ["BinarySchema"]),
    // Each exchange's conversation as state machines.
    library("Venues", imports: ["Codec", "MarketModel", "Machine", "Wire", "COpenSSL"]),
    // Every indicator, streaming: alone for research, inlined into the hot core.
    library("Indicators", imports: ["MarketModel", "CLibm"]),
    // What trades say about a market: bars, profiles, sessions, levels. Alone for research too.
    library("MarketContext", imports: ["MarketModel", "CLibm"], tests: ["CAllocationCount"]),
    // Indicators over recorded candles: tables, charts, the pages of the documentation.
    library("Studies", imports: ["MarketModel", "MarketContext", "Indicators", "CZlib"]),
    // Everything between a tick and an order.
    library(
        "TickToTrade",
        imports: [
            "MarketModel", "Rings", "Machine", "Indicators", "MarketContext", "CLinuxURing",
        ]
    ),
    // Every input and decision, mapped, checksummed, in order, replayable.
    library("Journal", imports: ["MarketModel", "Rings", "Machine", "CLinuxURing"]),

    // What operators read: snapshots, the live panel, the exit report, logs.
    library(
        "Telemetry",
        imports: ["MarketModel", "Rings", "Machine", .product(name: "Logging", package: "swift-log")]
    ),
    // The control socket and its clients.
    library(
        "Control",
        imports: [
            "MarketModel", "Machine", "Telemetry", .product(name: "Logging", package: "swift-log"),
        ]
    ),

    // An exchange that can be trusted to misbehave.
    library(
        "Emulator",
        imports: ["MarketModel", "Codec", "Wire", "COpenSSL", "Machine", "Rings", "CZlib"],
        tests: ["BinarySchema"], settings: withoutAccessChecks
    ),

    // Counts a thread's allocations in tests.
    [.target(name: "CAllocationCount", path: "Tests/CAllocationCount")],
    // Builds the whole from configuration.
    library(
        "Engine",
        imports: [
            "MarketModel", "Indicators", "MarketContext", "Rings", "Machine", "Wire", "Codec",
            "Venues", "TickToTrade", "Journal", "Telemetry", "Control", "CLinuxURing", "CZlib",
            .product(name: "Logging", package: "swift-log"),
            .product(name: "Yams", package: "Yams"),
        ],
        tests: ["Emulator", "CAllocationCount"]
    ),

    // The engine and the exchange in one process under one virtual clock, with faults from a seed.
    library(
        "Simulation",
        imports: [
            "MarketModel", "MarketContext", "Machine", "Wire", "Codec", "Venues", "TickToTrade", "Journal",
            "Engine", "Emulator", .product(name: "Yams", package: "Yams"),
        ], settings: withoutAccessChecks
    ),

    // What each stage costs at least, by hand in C: benchmarks run it beside ours.
    [
        shim(
            "CFloor", path: "Benchmarks/CFloor", links: [], imports: ["CRecordCrypto"],
            settings: [.unsafeFlags(["-O3"])])
    ],
    // How fast it all is, and the proof.
    [
        .target(
            name: "Benchmarks",
            dependencies: benchmarked + ["CFloor"],
            path: "Benchmarks/Benchmarks",
            swiftSettings: common
        ),
        // The work whose instructions scripts/instructions counts.
        .executableTarget(
            name: "InstructionCount", dependencies: ["Benchmarks"],
            path: "Benchmarks/InstructionCount", swiftSettings: common),
        .testTarget(
            name: "BenchmarksTests", dependencies: benchmarked + ["Benchmarks"],
            swiftSettings: common),
    ],

    // The command line, for any set of strategies.
    [
        .target(
            name: "ApusCommand",
            dependencies: [
                "Benchmarks", "Engine", "Emulator", "Simulation", "Journal", "Control", "Telemetry", "MarketModel", "Machine",
                "Codec", "TickToTrade", "Wire", "Venues", "Indicators", "MarketContext", "Studies",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: common
        ),
        // The command line with the built-in strategies.
        .executableTarget(
            name: "apus", dependencies: ["ApusCommand", "Engine"], swiftSettings: common),
        // Strategies of another module, through what is public.
        .testTarget(
            name: "OwnStrategyTests",
            dependencies: [
                "MarketModel", "Wire", "Indicators", "MarketContext", "TickToTrade", "Telemetry",
                "Control", "Engine", "Emulator",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: common
        ),
    ],
    // Every parser of bytes from outside: under libFuzzer, and with a few seconds of mutations as a
    // test.
    [
        fuzzes
            ? .executableTarget(
                name: "Fuzz", dependencies: fuzzed, path: "Tests/Fuzz", exclude: ["Tests"],
                sources: ["Targets", "Driver"],
                swiftSettings: common + [.unsafeFlags(["-parse-as-library"])],
                linkerSettings: [.unsafeFlags(["-sanitize=\(fuzzSanitizers)", "-use-ld=lld"])])
            : .testTarget(
                name: "FuzzTests", dependencies: fuzzed, path: "Tests/Fuzz", exclude: ["Driver"],
                sources: ["Targets", "Tests"], swiftSettings: common)
    ],
    [
        // Rules of the house that a test can check: import direction, hot-path bans.
        .testTarget(name: "HouseTests", swiftSettings: common),
        // The engine, the exchange and the command as real processes over real sockets.
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "apus", "Engine", "Journal", "Control", "Emulator", "Codec", "Machine", "MarketModel",
                "Telemetry", "Venues", "Wire", "COpenSSL", "BrokenChains",
            ],
            swiftSettings: common
        ),
    ],
]

// MARK: - The inner loop: a subset of targets by name.

extension Target.Dependency {
    var targetName: String? {
        switch self {
        case .targetItem(let name, _), .byNameItem(let name, _): name
        default: nil
        }
    }

    var packageName: String? {
        if case .productItem(_, let package, _, _) = self { package } else { nil }
    }
}

let every = targets.flatMap { $0 }

func closure(of wanted: Set<String>, in targets: [Target]) -> Set<String> {
    var reached = wanted
    for target in targets where wanted.contains(target.name) {
        reached.formUnion(target.dependencies.compactMap(\.targetName))
    }
    return reached == wanted ? reached : closure(of: reached, in: targets)
}

let chosen: [Target]
if let subset = Context.environment["APUS_TARGETS"], !subset.isEmpty {
    let named = Set(subset.split(separator: ",").map(String.init))
    let kept = closure(of: named.union(named.map { $0 + "Tests" }), in: every)
    chosen = every.filter { kept.contains($0.name) }
} else {
    chosen = every
}
let usedPackages = Set(chosen.flatMap(\.dependencies).compactMap(\.packageName))
let packages: [(name: String, dependency: Package.Dependency)] = [
    ("swift-argument-parser", .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")),
    ("swift-log", .package(url: "https://github.com/apple/swift-log", from: "1.16.2")),
    ("Yams", .package(url: "https://github.com/jpsim/Yams", from: "6.2.2")),
]

let products: [(product: Product, target: String)] = [
    (.executable(name: "apus", targets: ["apus"]), "apus"),
    // For strategies in packages of their own: what they are written with, the command line that
    // runs them, and the exchange to test them against.
    (
        .library(
            name: "Apus",
            targets: [
                "MarketModel", "Wire", "Indicators", "MarketContext", "TickToTrade", "Journal",
                "Telemetry", "Control", "Engine",
            ]),
        "Engine"
    ),
    (.library(name: "ApusCommand", targets: ["ApusCommand"]), "ApusCommand"),
    (.library(name: "ApusEmulator", targets: ["Emulator"]), "Emulator"),
    // Alone, for research.
    (.library(name: "Indicators", targets: ["Indicators"]), "Indicators"),
    (.library(name: "MarketContext", targets: ["MarketContext"]), "MarketContext"),
    (.library(name: "Studies", targets: ["Studies"]), "Studies"),
]

let names = Set(chosen.map(\.name))
let package = Package(
    name: "apus",
    products: products.filter { names.contains($0.target) }.map(\.product),
    dependencies: packages.filter { usedPackages.contains($0.name) }.map(\.dependency),
    targets: chosen
)

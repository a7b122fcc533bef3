// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "research",
    dependencies: [.package(name: "apus", path: "../apus")],
    targets: [
        .executableTarget(
            name: "research",
            dependencies: [
                .product(name: "Indicators", package: "apus"),
                .product(name: "MarketContext", package: "apus"),
                .product(name: "Studies", package: "apus"),
            ],
            // The library's updates are compiled here, for the same machine.
            swiftSettings: [.unsafeFlags(["-target-cpu", "haswell"], .when(configuration: .release))]
        )
    ]
)

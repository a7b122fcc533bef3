// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "dipper",
    dependencies: [.package(name: "apus", path: "../apus")],
    targets: [
        .executableTarget(
            name: "dipper",
            dependencies: [
                .product(name: "Apus", package: "apus"),
                .product(name: "ApusCommand", package: "apus"),
            ],
            // The same machine code as the engine's own: a lane is compiled here.
            swiftSettings: [.unsafeFlags(["-target-cpu", "haswell"], .when(configuration: .release))]
        )
    ]
)

// swift-tools-version: 6.2
import PackageDescription

/// Set by `make fuzz` alone, to the sanitizers it wants: all code of ours is then instrumented.
let fuzzSanitizers = Context.environment["UNDERSTUDY_FUZZ"]

/// Every Swift target: Swift 6 language mode, warnings are errors, imports are internal unless they say otherwise.
let strict: [SwiftSetting] =
    [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (fuzzSanitizers.map { [.unsafeFlags(["-sanitize=\($0)"])] } ?? [])

/// Tests: the same, but a member may be used without importing the module that it comes from.
let testing = Array(strict.prefix(1))

/// How the released program is linked: docs/decisions/0008-how-the-release-is-linked.md. A package that uses the library
/// does not meet this.
let compactLink = [
    "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker", "--no-export-dynamic",
    "-L\(Context.packageDirectory)/Linking",
]

let package = Package(
    name: "understudy",
    products: [
        .executable(name: "understudy", targets: ["UnderstudyCommand"]),
        .library(name: "Understudy", targets: ["Understudy"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    ],
    targets: [
        .executableTarget(
            name: "UnderstudyCommand",
            dependencies: [
                "Understudy", "ControlPlane", "Emulation", "HTTPFront", "Sandboxes", "Time",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict,
            linkerSettings: [.unsafeFlags(compactLink, .when(platforms: [.linux], configuration: .release))]),
        .target(
            name: "Understudy",
            dependencies: [
                "Neo", "Backside", "ControlPlane", "Emulation", "Sandboxes", "Time", "HTTPFront", "JSON",
                "EmbeddedDocuments", "Threads", "CMalloc",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),

        // One module per emulated API, whole.
        .target(
            name: "Neo",
            dependencies: [
                "ControlPlane", "Emulation", "Sandboxes", "Time", "SQLite", "HTTPFront", "JSON",
                "NeoDocuments",
            ],
            swiftSettings: strict),
        .target(
            name: "Backside",
            dependencies: [
                "ControlPlane", "Emulation", "Sandboxes", "Time", "SQLite", "HTTPFront", "JSON",
                "BacksideDocuments",
            ],
            swiftSettings: strict),

        // What they stand on, which knows none of them.
        .target(
            name: "ControlPlane",
            dependencies: [
                "Emulation", "Sandboxes", "Time", "HTTPFront", "JSON", "EmbeddedDocuments", "Threads",
            ],
            swiftSettings: strict),

        .target(
            name: "Emulation", dependencies: ["Sandboxes", "Time", "HTTPFront", "JSON", "Threads"],
            swiftSettings: strict),

        // The store and the simulation: neither knows HTTP.
        .target(
            name: "Sandboxes",
            dependencies: [
                "Time", "SQLite", "JSON", "CGnuTLS", "EmbeddedDocuments",
                "Threads",
            ],
            swiftSettings: strict),
        .target(name: "Time", dependencies: ["JSON"], swiftSettings: strict),
        .target(name: "SQLite", dependencies: ["CSQLite"], swiftSettings: strict),
        .target(
            name: "HTTPFront", dependencies: ["CMicrohttpd", "CGnuTLS", "JSON", "Threads", "Time"],
            swiftSettings: strict),
        .target(name: "JSON", swiftSettings: strict),
        .target(name: "Threads", swiftSettings: strict),

        // C: system libraries, and the documents that are compiled in.
        .systemLibrary(name: "CMicrohttpd", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CGnuTLS", pkgConfig: "gnutls", providers: [.apt(["libgnutls28-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .target(name: "EmbeddedDocuments"),
        .target(name: "NeoDocuments"),
        .target(name: "BacksideDocuments"),

        // A client for tests that shows the bytes on the wire, and takes any.
        .target(name: "RawHTTP", path: "Tests/RawHTTP", swiftSettings: testing),

        // The OpenAPI documents as judges of answers.
        .target(
            name: "AnswerContract",
            dependencies: ["Understudy", "Emulation", "Neo", "Backside", "ControlPlane", "HTTPFront"],
            path: "Tests/AnswerContract", swiftSettings: testing),

        // What tests of several targets use.
        .target(
            name: "TestSupport",
            dependencies: [
                "AnswerContract", "Understudy", "ControlPlane", "Emulation", "Sandboxes", "Time", "SQLite", "HTTPFront",
                "JSON",
            ],
            path: "Tests/TestSupport", swiftSettings: testing),

        // The tests of a target stand in one of their own, in folders as the sources have them.
        .testTarget(name: "ConventionTests", swiftSettings: testing),
        .testTarget(name: "EndToEndTests", dependencies: ["RawHTTP", "JSON", "SQLite"], swiftSettings: testing),
        .testTarget(
            name: "UnderstudyTests",
            dependencies: [
                "Understudy", "Neo", "Backside", "ControlPlane", "Emulation", "Sandboxes", "Time", "HTTPFront", "JSON",
                "TestSupport", "AnswerContract", "RawHTTP", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: testing),
        // An API of the tests' own, which shows how one is added: docs/ADDING-AN-API.md.
        .testTarget(
            name: "ThirdAPITests",
            dependencies: [
                "Understudy", "ControlPlane", "Emulation", "Sandboxes", "Time", "SQLite", "HTTPFront", "JSON",
                "RawHTTP",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "NeoTests",
            dependencies: ["Neo", "Understudy", "Sandboxes", "Time", "SQLite", "HTTPFront", "JSON", "TestSupport"],
            swiftSettings: testing),
        .testTarget(
            name: "BacksideTests",
            dependencies: [
                "Backside", "Understudy", "Sandboxes", "Time", "SQLite", "HTTPFront", "JSON", "TestSupport",
            ],
            swiftSettings: testing),
        .testTarget(
            name: "ControlPlaneTests",
            dependencies: [
                "ControlPlane", "Understudy", "Emulation", "Sandboxes", "Time", "HTTPFront", "JSON", "TestSupport",
                "AnswerContract", "RawHTTP",
            ],
            swiftSettings: testing),
        .testTarget(
            name: "EmulationTests",
            dependencies: ["Emulation", "Sandboxes", "Time", "HTTPFront", "JSON", "TestSupport", "AnswerContract"],
            swiftSettings: testing),
        .testTarget(
            name: "SandboxesTests",
            dependencies: [
                "Sandboxes", "Understudy", "Neo", "Backside", "ControlPlane", "Time", "SQLite", "CSQLite", "HTTPFront",
                "JSON", "TestSupport", "RawHTTP",
            ],
            swiftSettings: testing),
        .testTarget(name: "HTTPFrontTests", dependencies: ["HTTPFront", "RawHTTP", "CGnuTLS"], swiftSettings: testing),
        .testTarget(name: "SQLiteTests", dependencies: ["SQLite"], swiftSettings: testing),
        .testTarget(name: "TimeTests", dependencies: ["Time", "JSON", "TestSupport"], swiftSettings: testing),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: testing),
        .testTarget(name: "ThreadsTests", dependencies: ["Threads"], swiftSettings: testing),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c2x
)

// The fuzz targets: compiled with everything else, so that they keep up with it, and a program for `make fuzz` alone.
let fuzzDependencies: [Target.Dependency] = [
    "CLibFuzzer", "Understudy", "Neo", "Backside", "ControlPlane", "Emulation", "Sandboxes", "Time", "HTTPFront",
    "JSON", "AnswerContract", "RawHTTP", .product(name: "Logging", package: "swift-log"),
]
package.targets.append(.systemLibrary(name: "CLibFuzzer", path: "Fuzzing/CLibFuzzer"))
if let fuzzSanitizers {
    package.targets.append(
        .executableTarget(
            name: "Fuzz", dependencies: fuzzDependencies, path: "Fuzzing/Targets", swiftSettings: strict,
            // GNU's gold cannot link what the fuzzer brings.
            linkerSettings: [.unsafeFlags(["-sanitize=\(fuzzSanitizers)", "-use-ld=lld"])]))
} else {
    package.targets.append(
        .target(name: "Fuzz", dependencies: fuzzDependencies, path: "Fuzzing/Targets", swiftSettings: strict))
}

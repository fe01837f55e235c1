// swift-tools-version: 6.2
import Foundation
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
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
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
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c2x
)

// What follows is for tests only. The container image is built from a copy without `Tests` and `Fuzzing`.

/// Code that tests share: a test target, because `swift build` builds no test target. Under `make fuzz` it is an
/// ordinary target, because a program may not depend on a test target.
func shared(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    let path = "Tests/\(name)"
    return fuzzSanitizers == nil
        ? .testTarget(name: name, dependencies: dependencies, path: path, swiftSettings: testing)
        : .target(name: name, dependencies: dependencies, path: path, swiftSettings: testing)
}

/// The fuzz targets. Tests compile them, all but the part that calls libFuzzer, so that they keep up with the sources.
/// `make fuzz` makes them a program.
func fuzz() -> Target {
    let dependencies: [Target.Dependency] = [
        "Understudy", "Neo", "Backside", "ControlPlane", "Emulation", "Sandboxes", "Time", "HTTPFront", "JSON",
        "AnswerContract", "RawHTTP", .product(name: "Logging", package: "swift-log"),
    ]
    let path = "Fuzzing/Targets"
    guard let fuzzSanitizers else {
        return .testTarget(
            name: "Fuzz", dependencies: dependencies, path: path, exclude: ["LibFuzzer.swift"], swiftSettings: strict)
    }
    return .executableTarget(
        name: "Fuzz", dependencies: dependencies + ["CLibFuzzer"], path: path, swiftSettings: strict,
        // GNU's gold cannot link what the fuzzer brings.
        linkerSettings: [.unsafeFlags(["-sanitize=\(fuzzSanitizers)", "-use-ld=lld"])])
}

// SwiftPM caches the answer with this text and its path.
// After `Tests` is added to a copy that was built without it, run `swift package purge-cache`.
if FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/Tests") {
    package.targets += [
        // A client for tests that shows the bytes on the wire, and takes any.
        shared("RawHTTP", []),
        // The OpenAPI documents as judges of answers.
        shared("AnswerContract", ["Understudy", "Emulation", "Neo", "Backside", "ControlPlane", "HTTPFront"]),
        .systemLibrary(name: "CLibFuzzer", path: "Fuzzing/CLibFuzzer"),
        fuzz(),

        // What tests of several targets use.
        .testTarget(
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
    ]
}

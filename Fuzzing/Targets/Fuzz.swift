import Glibc

/// The fuzz targets by name, and the one that the environment variable `FUZZ_TARGET` names.
///
/// One program for all targets, because each would link the same code. The name is in the environment because libFuzzer starts
/// itself again with its own arguments.
enum Fuzz {
    static let targets: [String: @Sendable () -> any FuzzTarget] = [
        "json": { JSONTarget() }, "filter": { FilterTarget() }, "windows": { WindowsTarget() },
        "texts": { TextsTarget() }, "cursor": { CursorTarget() }, "seed": { SeedTarget() }, "rules": { RulesTarget() },
        "api": { APITarget() }, "http": { HTTPTarget() },
    ]

    static let target: any FuzzTarget = {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let make = targets[name] else {
            fatalError("FUZZ_TARGET must be one of: \(targets.keys.sorted().joined(separator: " "))")
        }
        return make()
    }()
}

/// What is tried with every input. A finding ends the process; libFuzzer keeps the input.
protocol FuzzTarget: Sendable {
    /// Whether its inputs are JSON, so that whole values are worth changing.
    var takesJSON: Bool { get }
    func take(_ input: [UInt8])
}

/// Ends the process when what must hold does not.
func require(_ condition: Bool, _ finding: @autoclosure () -> String) {
    if !condition { fatalError(finding()) }
}

/// Ends the process when the work throws.
func mustSucceed<Result>(_ what: String, _ work: () throws -> Result) -> Result {
    do { return try work() } catch { fatalError("\(what): \(error)") }
}

import Glibc

/// Options from the environment: `UNDERSTUDY_PORT=80` stands for `--port 80`.
enum EnvironmentTwins {
    /// The options of `serve` that have a value, and those that have none.
    static let options = [
        "host", "port", "port-file", "threads", "data", "seed", "fresh-seed", "mode", "max-sandboxes", "clock", "speed",
        "rate-limit", "journal", "log-level",
    ]
    static let flags = ["check-contract"]
    static let subcommands = ["serve", "seed", "openapi", "health", "help"]

    /// The arguments with those options added that the environment has and the command line has not. Only `serve` takes
    /// them, and `health`, which asks a server started the same way, its host and port.
    static func adding(to arguments: [String], _ environment: [String: String]) -> [String] {
        // Who asks what there is gets the same answer whatever is set.
        if arguments.contains(where: ["-h", "--help", "--version"].contains) { return arguments }
        let subcommand = arguments.first.flatMap { subcommands.contains($0) ? $0 : nil }
        let taken: [String]
        var takenFlags: [String] = []
        switch subcommand {
        case nil, "serve": (taken, takenFlags) = (options, flags)
        case "health": taken = ["host", "port"]
        default: return arguments
        }
        var added: [String] = []
        for option in taken where !arguments.contains(where: { $0 == "--\(option)" || $0.hasPrefix("--\(option)=") }) {
            // An empty variable is one that is not set: compose files have no other way to say so.
            if let value = environment[variable(of: option)], !value.isEmpty { added.append("--\(option)=\(value)") }
        }
        // A flag is on or off; what says neither is refused as the option's value would be.
        for flag in takenFlags where !arguments.contains("--\(flag)") {
            let value = environment[variable(of: flag)]?.lowercased() ?? ""
            if ["", "0", "false", "no", "off"].contains(value) { continue }
            added.append(["1", "true", "yes", "on"].contains(value) ? "--\(flag)" : "--\(flag)=\(value)")
        }
        return (subcommand.map { [$0] } ?? []) + added + arguments.dropFirst(subcommand == nil ? 0 : 1)
    }

    private static func variable(of option: String) -> String {
        "UNDERSTUDY_" + option.uppercased().split(separator: "-").joined(separator: "_")
    }
}

/// The process's environment.
enum CurrentEnvironment {
    static func variables() -> [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let parts = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            next += 1
        }
        return variables
    }
}

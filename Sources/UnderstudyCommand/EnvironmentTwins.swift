import Glibc

/// Options from the environment: `UNDERSTUDY_PORT=80` stands for `--port 80`.
enum EnvironmentTwins {
    /// The options of `serve` that have a value.
    static let options = [
        "host", "port", "port-file", "unix-socket", "tls-cert", "tls-key", "threads", "data", "seed", "fresh-seed",
        "mode", "admin-token", "max-sandboxes", "memory-limit", "sandbox-limit", "clock", "speed", "rate-limit",
        "journal", "log-format", "log-level",
    ]
    /// Those that have none: in the environment they are `true` or `1`, or, to be left out, `false` or `0`.
    static let flags = ["check-contract", "no-control-plane", "no-cors", "no-prefer"]
    /// Options that may be given several times: in the environment their values stand in one, between commas or spaces.
    static let lists = ["allow-host"]
    static let subcommands = ["serve", "seed", "openapi", "health", "help"]

    /// The arguments with those options added that the environment has and the command line has not. Only `serve` takes
    /// them, and `health`, which asks a server started the same way, where that is.
    static func adding(to arguments: [String], _ environment: [String: String]) -> [String] {
        // Who asks what there is gets the same answer whatever is set.
        if arguments.contains(where: ["-h", "--help", "--version"].contains) { return arguments }
        let subcommand = arguments.first.flatMap { subcommands.contains($0) ? $0 : nil }
        let taken: [String]
        switch subcommand {
        case nil, "serve": taken = options + lists + flags
        case "health": taken = ["host", "port", "unix-socket", "tls-cert"]
        default: return arguments
        }
        var added: [String] = []
        for option in taken where !arguments.contains(where: { $0 == "--\(option)" || $0.hasPrefix("--\(option)=") }) {
            let name = "UNDERSTUDY_" + option.uppercased().split(separator: "-").joined(separator: "_")
            if flags.contains(option), ["false", "0"].contains(environment[name]) { continue }
            // An empty variable is one that is not set: compose files have no other way to say so.
            guard let value = environment[name], !value.isEmpty else { continue }
            let values = lists.contains(option) ? value.split { ", \t\n".contains($0) }.map(String.init) : [value]
            added += values.map { argument(option, $0) }
        }
        return (subcommand.map { [$0] } ?? []) + added + arguments.dropFirst(subcommand == nil ? 0 : 1)
    }

    /// A flag with any other value is refused, as an option that takes none.
    private static func argument(_ option: String, _ value: String) -> String {
        flags.contains(option) && ["true", "1"].contains(value) ? "--\(option)" : "--\(option)=\(value)"
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

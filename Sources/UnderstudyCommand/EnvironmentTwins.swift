import Glibc

/// Options from the environment: `UNDERSTUDY_PORT=80` stands for `--port 80`.
enum EnvironmentTwins {
    /// The options of `serve` that have a value.
    static let options = [
        "host", "port", "port-file", "unix-socket", "tls-cert", "tls-key", "threads", "data", "seed", "fresh-seed",
        "mode", "max-sandboxes", "clock", "speed",
        "rate-limit", "log-level",
    ]
    /// The options of `serve` that have none: their twin is `true` or `false`.
    static let flags = ["no-prefer"]
    static let subcommands = ["serve", "seed", "openapi", "health", "help"]

    /// The arguments with those options added that the environment has and the command line has not. Only `serve` takes
    /// them, and `health`, which asks a server started the same way, where that is.
    static func adding(to arguments: [String], _ environment: [String: String]) -> [String] {
        // Who asks what there is gets the same answer whatever is set.
        if arguments.contains(where: ["-h", "--help", "--version"].contains) { return arguments }
        let subcommand = arguments.first.flatMap { subcommands.contains($0) ? $0 : nil }
        let taken: [String]
        switch subcommand {
        case nil, "serve": taken = options + flags
        case "health": taken = ["host", "port", "unix-socket", "tls-cert"]
        default: return arguments
        }
        var added: [String] = []
        for option in taken where !arguments.contains(where: { $0 == "--\(option)" || $0.hasPrefix("--\(option)=") }) {
            let name = "UNDERSTUDY_" + option.uppercased().split(separator: "-").joined(separator: "_")
            // An empty variable is one that is not set: compose files have no other way to say so.
            guard let value = environment[name], !value.isEmpty else { continue }
            switch (flags.contains(option), value.lowercased()) {
            case (true, "true"), (true, "1"): added.append("--\(option)")
            case (true, "false"), (true, "0"): break
            // Of a flag any other value is refused, like that of an option that takes it.
            default: added.append("--\(option)=\(value)")
            }
        }
        return (subcommand.map { [$0] } ?? []) + added + arguments.dropFirst(subcommand == nil ? 0 : 1)
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

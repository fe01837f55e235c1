import Emulation
import Sandboxes
import Understudy

/// What is printed once the server listens: where everything is, and a request that works when pasted.
struct StartScreen {
    let server: Understudy
    let unixSocket: String?
    let seed: String
    let mode: SandboxConfiguration.Mode
    let hasControlPlane: Bool

    func print() { TextFile.writeToStandardOutput(Array(SafeText.escapingLines(text).utf8)) }

    private var text: String {
        let state =
            mode == .open
            ? "is ready. Sandbox 'default' holds the seed '\(seed)'; any other key gets a sandbox of its own."
            : "is ready (strict mode: only credentials of the seed \(seed))."
        let addresses = (apiLines + otherLines).map { "  \($0)\n" }.joined()
        return "Understudy \(Understudy.version) \(state)\n\n\(addresses)\n" + (mode == .open ? example : "\n")
    }

    // MARK: Addresses

    private static let titleWidth = 15
    private var pathWidth: Int { (Understudy.apis.map(\.basePath.count).max() ?? 0) + 5 }

    private var apiLines: [String] {
        Understudy.apis.map { api in
            let address = Self.padded(api.title, to: Self.titleWidth) + server.url
            guard mode == .open else { return address + api.basePath }
            return "\(address)\(Self.padded(api.basePath, to: pathWidth))key  \(key(of: api))"
        }
    }

    private var otherLines: [String] {
        let controlPlane = hasControlPlane ? "\(server.url)/_understudy/" : "off"
        return [Self.padded("Control plane", to: Self.titleWidth) + controlPlane]
            + (unixSocket.map { [Self.padded("Unix socket", to: Self.titleWidth) + $0] } ?? [])
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    // MARK: Keys

    /// A key of an API: of a built-in seed a published one, which opens the sandbox `default`; otherwise any
    /// well-formed one, which gets a sandbox of its own. A seed file's own keys are not ours to print.
    private func key(of api: any EmulatedAPI) -> String {
        guard let seed = BuiltInSeed(rawValue: seed), let head = try? SandboxSeed.builtIn(seed).head(Understudy.modules)
        else { return api.keys.sample }
        return head.credentials.first { api.keys.isKey($0.token) && !$0.revoked }?.token ?? api.keys.sample
    }

    /// A request that works when pasted.
    private var example: String {
        guard let api = Understudy.apis.first(where: { $0.example != nil }), let example = api.example else {
            return ""
        }
        // Most certificates for a test are known to nobody.
        let curl = server.url.hasPrefix("https:") ? "curl -sk" : "curl -s"
        return """
            Try it:

              \(curl) \(server.url)\(example.path) -H 'Authorization: Bearer \(key(of: api))' \\
                -d '\(example.body)'


            """
    }
}

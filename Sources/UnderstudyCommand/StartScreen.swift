import Sandboxes
import Understudy

/// What is printed once the server listens: where everything is, and a request that works when pasted.
struct StartScreen {
    let server: Understudy
    let unixSocket: String?
    let seed: String
    let mode: SandboxConfiguration.Mode
    let hasControlPlane: Bool

    /// A key for each API: of a built-in seed the published ones, which open the sandbox `default`; otherwise any
    /// well-formed one, which gets a sandbox of its own. A seed file's own keys are not ours to print.
    private func key(_ prefix: String, otherwise invented: String) -> String {
        guard let seed = BuiltInSeed(rawValue: seed), let head = try? SandboxSeed.builtIn(seed).head else {
            return invented
        }
        return head.credentials.first { $0.token.hasPrefix(prefix) && !$0.revoked }?.token ?? invented
    }

    private var neoKey: String { key("neo_sk_", otherwise: "neo_sk_test_demo") }
    private var backsideKey: String { key("bsk_", otherwise: "bsk_test_" + String(repeating: "0", count: 43)) }

    func print() { TextFile.writeToStandardOutput(Array(SafeText.escapingLines(text).utf8)) }

    private var text: String {
        let url = server.url
        let socketLine = unixSocket.map { "\n  Unix socket    \($0)" } ?? ""
        // Most certificates for a test are known to nobody.
        let curl = url.hasPrefix("https:") ? "curl -sk" : "curl -s"
        let neoKey = neoKey
        guard mode == .open else {
            return """
                Understudy \(Understudy.version) is ready (strict mode: only credentials of the seed \(seed)).

                  Neo API        \(url)/public-api
                  Backside API   \(url)/api/v1
                  Control plane  \(hasControlPlane ? "\(url)/_understudy/" : "off")\(socketLine)


                """
        }
        return """
            Understudy \(Understudy.version) is ready. Sandbox 'default' holds the seed '\(seed)'; any other key gets a sandbox of its own.

              Neo API        \(url)/public-api     key  \(neoKey)
              Backside API   \(url)/api/v1         key  \(backsideKey)
              Control plane  \(hasControlPlane ? "\(url)/_understudy/" : "off")\(socketLine)

            Try it:

              \(curl) \(url)/public-api/backfills -H 'Authorization: Bearer \(neoKey)' \\
                -d '{"target_workflow_id": 123, "entity_type": "ticket", "filter_spec": {}, "daily_execution_windows": {}, "max_in_flight": 5}'


            """
    }
}

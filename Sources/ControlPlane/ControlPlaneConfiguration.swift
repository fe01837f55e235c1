package import Emulation
package import Sandboxes

/// What the control plane needs to know of the server it belongs to.
package struct ControlPlaneConfiguration: Sendable {
    package var version: String
    /// Strict mode takes a credential for everything; open mode has the sandbox `default` for who sends none.
    package var mode: SandboxConfiguration.Mode
    /// Without one, in open mode anybody is the admin, in strict mode nobody.
    package var adminToken: AdminToken?
    /// How many bytes a whole seed may have, be it imported or what a sandbox is made from; everything else takes
    /// ``Pipeline/bodyLimit``. What can be exported fits.
    package var seedLimit = 64 << 20
    /// Gives memory that a large document took back to the system.
    package var releaseMemory: @Sendable () -> Void = {}
    /// Whether there is more of it than health.
    package var isOn = true
    /// So many characters that nobody can guess.
    package var freshSecret: @Sendable (_ length: Int, _ alphabet: KeyGrammar.Alphabet) -> String
    /// The figures of `GET /_understudy/metrics`, in Prometheus' text format.
    package var metrics: @Sendable () -> [UInt8] = { [] }
    /// Names, besides those that every server has, that the control plane answers under.
    package var allowedHosts: Set<HostName> = []
    /// Whether the port speaks TLS.
    package var isEncrypted = false
    package var steadySeconds: @Sendable () -> Double
    package var requestID: @Sendable () -> String
    package var failed: @Sendable (_ requestID: String, _ error: any Error) -> Void
    /// Where requests to the emulated APIs are kept; nil keeps none.
    package var journals: RequestJournals?
    /// Whether the emulated APIs hold every answer against their documents.
    package var checksContract = false

    package init(
        version: String, mode: SandboxConfiguration.Mode,
        freshSecret: @escaping @Sendable (Int, KeyGrammar.Alphabet) -> String,
        steadySeconds: @escaping @Sendable () -> Double,
        requestID: @escaping @Sendable () -> String, failed: @escaping @Sendable (String, any Error) -> Void
    ) {
        self.version = version
        self.mode = mode
        self.freshSecret = freshSecret
        self.steadySeconds = steadySeconds
        self.requestID = requestID
        self.failed = failed
    }
}

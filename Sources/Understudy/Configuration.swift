package import ControlPlane
package import Emulation
package import HTTPFront
public import Logging
package import Sandboxes
package import Time

extension Understudy {
    /// Where to start from: a built-in seed, or a seed document of one's own.
    public enum Seed: Sendable {
        /// What there is before anything has run.
        case blank
        /// `blank` and a history: work in every state.
        case demo
        /// A seed document's bytes, as docs/SEEDS.md describes them.
        case json([UInt8])

        /// What sandboxes are made from; a document is read and checked.
        package func read(for apis: [any EmulatedAPI], _ modules: Modules) throws(SeedRefusal) -> SandboxSeed {
            switch self {
            case .blank: return .builtIn(.blank)
            case .demo: return .builtIn(.demo)
            case .json(let bytes):
                let document = try SeedDocument(reading: bytes, modules: modules)
                try document.requireFaults(within: FaultVocabulary(apis))
                return .document(document)
            }
        }
    }

    /// How the clocks of sandboxes run.
    public enum Clock: String, CaseIterable, Sendable {
        /// With the machine's time.
        case real
        /// Only when they are moved.
        case manual
        /// Only when they are moved, or a client looks at work that goes on.
        case poll
    }

    /// How to start. Every value has a default that works.
    public struct Configuration: Sendable {
        /// What is stood in for.
        package var apis: [any ControlledAPI] = Understudy.apis
        /// What the sandbox `default` is made from.
        public var seed: Seed
        /// What every other sandbox is made from.
        public var freshSeed: Seed?
        /// A folder to keep the databases in; nil keeps them in memory.
        public var dataFolder: String?
        /// The address and port to listen on, and the limits; port 0 takes a free one.
        package var http = HTTPServerConfiguration()
        /// The port to listen on; 0 takes a free one.
        public var port: UInt16 {
            get { http.port }
            set { http.port = newValue }
        }
        package var mode = SandboxConfiguration.Mode.open
        package var maximumSandboxes = 10_000
        /// In bytes: what all sandboxes together may take, with the bodies and answers on their way; nil is half of
        /// what the machine leaves, at most 2 GiB.
        package var memoryLimit: Int?
        /// In bytes: what one sandbox may take, its files included.
        package var sandboxLimit = 128 << 20
        /// How every sandbox's clock runs; nil is as its seed says, which for the built-in ones is `real`.
        public var clock: Clock?
        package var clockSpeed: Double?
        package var rateLimiting = PipelineConfiguration.RateLimiting.on
        /// Whether a request may ask for a status or a delay by `Prefer`.
        package var honorsPrefer = true
        /// Without one, in open mode anybody may do what an admin may.
        package var adminToken: AdminToken?
        /// Names, besides those that every server has, that the control plane answers under.
        package var allowedHosts: Set<HostName> = []
        /// Without it there is only health under `/_understudy`.
        package var hasControlPlane = true
        /// Whether web pages of other origins may call the emulated APIs.
        package var allowsCrossOrigin = true
        /// How many requests the journal of each sandbox keeps; 0 turns journals off.
        package var journalEntries = 1_000
        package var checksContract = false
        package var machine: @Sendable () -> Instant = MachineTime.now
        /// Where start-up notices and unexpected errors go.
        public var logger: Logger

        /// A configuration with that seed, listening on a free port of 127.0.0.1.
        public init(seed: Seed = .blank) {
            self.seed = seed
            logger = Self.logger(.text)
        }

        /// A logger to standard error that never makes whoever logs wait.
        package static func logger(_ format: LogFormat, level: Logger.Level = .notice) -> Logger {
            let handler = LineLogHandler(
                format: format, machine: MachineTime.now, write: LogWriter.standardError.write)
            LogWriter.standardError.announceDropped(by: handler.droppedLine)
            var logger = Logger(label: "understudy") { _ in handler }
            logger.logLevel = level
            return logger
        }
    }
}

package import ControlPlane
package import Emulation
package import HTTPFront
public import Logging
package import Sandboxes
package import Simulation

extension Understudy {
    /// Where to start from: a built-in seed, or a seed document of one's own.
    public enum Seed: Sendable {
        /// Agents, tickets, time entries and a configured agent kind; no history.
        case blank
        /// `blank` and a history: a backfill in every state, runs in every status.
        case demo
        /// A seed document's bytes, as docs/SEEDS.md describes them.
        case json([UInt8])

        package func document() throws(SeedRefusal) -> SeedDocument {
            switch self {
            case .blank: try Self.blankDocument.get()
            case .demo: try Self.demoDocument.get()
            case .json(let bytes): try Self.checked(SeedDocument(reading: bytes))
            }
        }

        private static func checked(_ document: SeedDocument) throws(SeedRefusal) -> SeedDocument {
            try document.requireFaults(within: FaultVocabulary(Assembly.apis))
            return document
        }

        // Read once a process, at first use.
        private static let blankDocument = read(.blank)
        private static let demoDocument = read(.demo)

        private static func read(_ seed: BuiltInSeed) -> Result<SeedDocument, SeedRefusal> {
            do throws(SeedRefusal) { return .success(try SeedDocument(reading: seed.bytes)) } catch {
                return .failure(error)
            }
        }

        /// What sandboxes other than `default` start from unless somebody says: a file stands for all of them, the
        /// built-in seeds for a blank start.
        var freshDefault: Seed {
            if case .json = self { self } else { .blank }
        }

        var isBuiltIn: Bool {
            if case .json = self { false } else { true }
        }
    }

    /// How the clocks of sandboxes run.
    public enum Clock: String, CaseIterable, Sendable {
        /// With the machine's time.
        case real
        /// Only when they are moved.
        case manual
        /// Only when they are moved, or a client looks at a backfill or a run.
        case poll
    }

    /// How to start. Every value has a default that works.
    public struct Configuration: Sendable {
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
        /// How every sandbox's clock runs; nil is as its seed says, which for the built-in ones is `real`.
        public var clock: Clock?
        package var clockSpeed: Double?
        package var rateLimiting = PipelineConfiguration.RateLimiting.on
        /// Whether a request may ask for a status or a delay by `Prefer`.
        package var honorsPrefer = true
        /// Without one, in open mode anybody may do what an admin may.
        package var adminToken: AdminToken?
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

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
            case .json(let bytes): try SeedDocument(reading: bytes)
            }
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
        package var mode = SandboxConfiguration.Mode.open
        package var maximumSandboxes = 10_000
        package var clockMode: SandboxClock.Mode?
        package var clockSpeed: Double?
        package var rateLimiting = PipelineConfiguration.RateLimiting.on
        /// How many requests the journal of each sandbox keeps; 0 turns journals off.
        package var journalEntries = 1_000
        package var checksContract = false
        package var machine: @Sendable () -> Instant = MachineTime.now
        /// Where start-up notices and unexpected errors go.
        public var logger: Logger

        /// A configuration with that seed, listening on a free port of 127.0.0.1.
        public init(seed: Seed = .blank) {
            self.seed = seed
            logger = Logger(label: "understudy", factory: { StreamLogHandler.standardError(label: $0) })
            logger.logLevel = .notice
        }
    }
}

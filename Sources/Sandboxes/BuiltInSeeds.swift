import EmbeddedDocuments

/// The seeds that are compiled into the program.
package enum BuiltInSeed: String, CaseIterable, Sendable {
    /// A helpdesk's agents and tickets, with no history.
    case blank
    /// ``blank`` with a history: backfills and runs in every state.
    case demo

    /// Its document.
    package var bytes: [UInt8] {
        switch self {
        case .blank: Self.copy(understudy_seed_blank_start(), understudy_seed_blank_size)
        case .demo: Self.copy(understudy_seed_demo_start(), understudy_seed_demo_size)
        }
    }

    private static func copy(_ start: UnsafePointer<UInt8>?, _ size: UInt) -> [UInt8] {
        Array(UnsafeBufferPointer(start: start, count: Int(size)))
    }

    /// The document of the seed with that name, or nil when there is none.
    package static func bytes(named name: String) -> [UInt8]? { BuiltInSeed(rawValue: name)?.bytes }
}

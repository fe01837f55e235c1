import BacksideDocuments
import EmbeddedDocuments
import JSON
import NeoDocuments

/// The seeds that are compiled into the program.
package enum BuiltInSeed: String, CaseIterable, Sendable {
    /// A helpdesk's agents and tickets, with no history.
    case blank
    /// ``blank`` with a history: backfills and runs in every state.
    case demo

    /// Its document: the head, with each API's part.
    package var bytes: [UInt8] {
        switch self {
        case .blank: Self.blankBytes
        case .demo: Self.demoBytes
        }
    }

    // Merged once a process, at first use. These two name the APIs that there are.
    private static let blankBytes = JSONDocument.merged(
        copy(understudy_seed_blank_start(), understudy_seed_blank_size),
        with: [
            copy(understudy_neo_seed_blank_start(), understudy_neo_seed_blank_size),
            copy(understudy_backside_seed_blank_start(), understudy_backside_seed_blank_size),
        ], layout: .seed)
    private static let demoBytes = JSONDocument.merged(
        copy(understudy_seed_demo_start(), understudy_seed_demo_size),
        with: [
            copy(understudy_neo_seed_demo_start(), understudy_neo_seed_demo_size),
            copy(understudy_backside_seed_demo_start(), understudy_backside_seed_demo_size),
        ], layout: .seed)

    /// It made ready: read once a process, at first use.
    var prepared: PreparedSeed? {
        switch self {
        case .blank: Self.preparedBlank
        case .demo: Self.preparedDemo
        }
    }

    private static let preparedBlank = PreparedSeed(
        constant: UnsafeRawBufferPointer(
            start: understudy_prepared_blank_start(), count: Int(understudy_prepared_blank_size)))
    private static let preparedDemo = PreparedSeed(
        constant: UnsafeRawBufferPointer(
            start: understudy_prepared_demo_start(), count: Int(understudy_prepared_demo_size)))

    private static func copy(_ start: UnsafePointer<UInt8>?, _ size: UInt) -> [UInt8] {
        Array(UnsafeBufferPointer(start: start, count: Int(size)))
    }

    /// The document of the seed with that name, or nil when there is none.
    package static func bytes(named name: String) -> [UInt8]? { BuiltInSeed(rawValue: name)?.bytes }
}

import EmbeddedDocuments
import JSON
import SQLite
import Synchronization

/// The seeds that are compiled into the program.
package enum BuiltInSeed: String, CaseIterable, Sendable {
    /// A beginning without a history.
    case blank
    /// ``blank`` with a history: work in every state.
    case demo

    /// What of its document is no module's.
    fileprivate var head: ConstantBytes {
        switch self {
        case .blank: ConstantBytes(understudy_seed_blank_start(), count: understudy_seed_blank_size)
        case .demo: ConstantBytes(understudy_seed_demo_start(), count: understudy_seed_demo_size)
        }
    }
}

/// Bytes that are part of the program.
///
/// `@unchecked Sendable` because of the pointer: nothing writes there.
package struct ConstantBytes: @unchecked Sendable {
    package let all: UnsafeRawBufferPointer

    package init(_ start: UnsafePointer<UInt8>?, count: UInt) {
        all = UnsafeRawBufferPointer(start: start, count: Int(count))
    }

    /// A copy of them.
    package var array: [UInt8] { Array(all) }
}

/// A built-in seed that was read and filled beforehand, so that a server starts without doing either. `make seeds`
/// writes both.
package struct PreparedSeed: Sendable {
    /// A seed document of what it says beside its rows.
    let head: ConstantBytes
    /// Its rows, a SQLite database.
    let database: ConstantBytes

    package init(head: ConstantBytes, database: ConstantBytes) {
        self.head = head
        self.database = database
    }
}

/// The built-in seeds with the parts that modules bring, each read at its first use.
final class BuiltInSeeds: Sendable {
    private let prepared: [BuiltInSeed: PreparedSeed]
    private let documents = Mutex<[BuiltInSeed: [UInt8]]>([:])
    private let heads = Mutex<[BuiltInSeed: SeedHead]>([:])

    init(prepared: [BuiltInSeed: PreparedSeed]) { self.prepared = prepared }

    /// The whole document.
    func bytes(of seed: BuiltInSeed, _ modules: Modules) -> [UInt8] {
        documents.withLock { documents in
            if let known = documents[seed] { return known }
            let parts = modules.all.compactMap { $0.seedData(of: seed) }
            let made = JSONDocument.merged(seed.head.array, with: parts, layout: .seed)
            documents[seed] = made
            return made
        }
    }

    /// What it says beside its rows.
    func head(of seed: BuiltInSeed, _ modules: Modules) throws(SeedRefusal) -> SeedHead {
        if let known = heads.withLock({ $0[seed] }) { return known }
        let text = prepared[seed]?.head.array ?? bytes(of: seed, modules)
        var head = try SeedDocument(reading: text, modules: modules).head
        // All its credentials are published, whichever seed it has them from.
        head.inheritedCredentials = 0
        heads.withLock { $0[seed] = head }
        return head
    }

    /// The database that was filled beforehand; nil when none was.
    func image(of seed: BuiltInSeed) throws -> DatabaseImage? {
        try prepared[seed].map { try DatabaseImage(copying: $0.database.all) }
    }
}

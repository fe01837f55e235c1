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

/// The built-in seeds with the parts that modules bring, each read at its first use.
final class BuiltInSeeds: Sendable {
    private let prepared: [BuiltInSeed: ConstantBytes]
    private let documents = Mutex<[BuiltInSeed: [UInt8]]>([:])
    private let heads = Mutex<[BuiltInSeed: SeedHead]>([:])

    /// - Parameter prepared: databases that were filled beforehand.
    init(prepared: [BuiltInSeed: ConstantBytes]) { self.prepared = prepared }

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

    /// The database that was filled beforehand; nil when none was.
    func image(of seed: BuiltInSeed) throws -> DatabaseImage? {
        try prepared[seed].map { try DatabaseImage(copying: $0.all) }
    }

    // MARK: Heads

    /// What it says beside its rows. These are passed over, so that a server starts without reading them.
    func head(of seed: BuiltInSeed, _ modules: Modules) throws(SeedRefusal) -> SeedHead {
        if let known = heads.withLock({ $0[seed] }) { return known }
        let text = Array(Self.headMembers(of: seed, modules).compact.utf8)
        let head = try SeedDocument(reading: text, modules: modules).head
        heads.withLock { $0[seed] = head }
        return head
    }

    private static let headNames: Set = [
        "clock", "credentials", "description", "random_position", "random_seed", "rate_limit_plan",
    ]

    /// The members of a seed and of its base that are no rows.
    private static func headMembers(of seed: BuiltInSeed, _ modules: Modules) -> JSONNode {
        let texts = [seed.head.array] + modules.all.compactMap { $0.seedData(of: seed) }
        let base = members(of: seed.head.array, named: ["base"]).object?["base"]?.string
            .flatMap { BuiltInSeed(rawValue: $0) }
        let inherited = base.map { headMembers(of: $0, modules) } ?? JSONNode(.object(JSONObject(members: [])))
        return texts.reduce(inherited) { $0.merged(with: members(of: $1, named: headNames)) }
    }

    private static func members(of text: [UInt8], named names: Set<String>) -> JSONNode {
        var members = JSONMembers(named: names)
        try? text.withUnsafeBufferPointer { try members.read($0) }
        let found = names.sorted().compactMap { name in members[name].map { (key: name, value: $0) } }
        return JSONNode(.object(JSONObject(members: found)))
    }
}

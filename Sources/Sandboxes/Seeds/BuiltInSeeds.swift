import EmbeddedDocuments
import JSON
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
    private let ready = Mutex<[BuiltInSeed: PreparedSeed]>([:])

    init(prepared: [BuiltInSeed: ConstantBytes]) { self.prepared = prepared }

    func bytes(of seed: BuiltInSeed, modules: Modules) -> [UInt8] {
        documents.withLock { documents in
            if let known = documents[seed] { return known }
            let parts = modules.all.compactMap { $0.seedData(of: seed) }
            let made = JSONDocument.merged(seed.head.array, with: parts, layout: .seed)
            documents[seed] = made
            return made
        }
    }

    func prepared(_ seed: BuiltInSeed, modules: Modules) -> PreparedSeed? {
        guard let bytes = prepared[seed] else { return nil }
        return ready.withLock { ready in
            if let known = ready[seed] { return known }
            let read = PreparedSeed(bytes, modules: modules)
            ready[seed] = read
            return read
        }
    }
}

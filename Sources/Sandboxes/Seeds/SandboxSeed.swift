/// What sandboxes are made from: a seed that is compiled in, or one that somebody has sent.
package enum SandboxSeed: Sendable {
    case builtIn(BuiltInSeed)
    case document(SeedDocument)

    /// What it says beside its rows, for which a built-in seed's document need not be read.
    package func head(_ modules: Modules) throws(SeedRefusal) -> SeedHead {
        switch self {
        case .builtIn(let seed):
            if let prepared = modules.prepared(seed) { return prepared.head }
            return try document(modules).head
        case .document(let document): return document.head
        }
    }

    /// The whole of it.
    func document(_ modules: Modules) throws(SeedRefusal) -> SeedDocument {
        switch self {
        case .builtIn(let seed): try SeedDocument(reading: modules.bytes(of: seed), modules: modules)
        case .document(let document): document
        }
    }

    /// Whether its credentials are everybody's to know.
    var isPublished: Bool {
        if case .builtIn = self { true } else { false }
    }

    /// What sandboxes other than `default` start from unless somebody says: a document stands for all of them, the built-in
    /// seeds for a blank start.
    package var freshDefault: SandboxSeed {
        if case .document = self { self } else { .builtIn(.blank) }
    }
}

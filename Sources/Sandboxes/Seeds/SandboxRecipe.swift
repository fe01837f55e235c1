package import JSON

/// What an admin's sandbox is made from, and again at each reset: a seed of its own, a clock of its own, or both.
package struct SandboxRecipe: Sendable {
    /// Nil for what every other sandbox is made from.
    let seed: SandboxSeed?
    /// Goes before the seed's, member by member.
    let clock: SeedClock?
    /// The same as JSON, without the credentials that the seed names: what is kept on disk.
    let text: String

    /// Reads the members `seed` and `clock` of an object that was read from those bytes; nil when it has neither.
    package init?(_ object: JSONObject, in bytes: [UInt8], modules: Modules) throws(SeedRefusal) {
        let (seedNode, clockNode) = (object["seed"], object["clock"])
        guard seedNode != nil || clockNode != nil else { return nil }
        if let clockNode { clock = try Self.clock(bytes[clockNode.range], modules) } else { clock = nil }
        var kept: [String] = []
        switch seedNode?.value {
        case nil: seed = nil
        case .string(let name):
            guard let builtIn = BuiltInSeed(rawValue: name) else { throw Self.noSeed }
            seed = .builtIn(builtIn)
            kept.append("\"seed\":\"\(builtIn.rawValue)\"")
        case .object(let members):
            guard let range = seedNode?.range else { throw Self.noSeed }
            seed = .document(try SeedDocument(reading: Array(bytes[range]), modules: modules))
            kept.append("\"seed\":" + Self.withoutCredentials(members, range, bytes))
        case .null, .bool, .number, .array: throw Self.noSeed
        }
        if let clockNode { kept.append("\"clock\":" + String(decoding: bytes[clockNode.range], as: UTF8.self)) }
        text = "{" + kept.joined(separator: ",") + "}"
    }

    /// Reads what was kept; nil when it is no recipe, or not any more.
    init?(kept text: String, modules: Modules) {
        let bytes = Array(text.utf8)
        guard let root = try? JSONParser.parse(bytes, maximumDepth: SandboxRecipe.maximumDepth),
            let object = root.object,
            let recipe = try? SandboxRecipe(object, in: bytes, modules: modules)
        else { return nil }
        self = recipe
    }

    /// How deep the object may be nested that a recipe is read from: one level more than a seed.
    package static let maximumDepth = SeedReader.maximumDepth + 1

    /// The credentials that the seed names itself, not those of its base, which everybody knows.
    package var credentials: [SeedCredential] {
        if case .document(let document) = seed { document.ownCredentials } else { [] }
    }

    private static let noSeed = SeedRefusal(problems: [
        SeedProblem(
            place: "seed",
            message:
                "must be one of \(BuiltInSeed.allCases.map(\.rawValue).joined(separator: ", ")), or a seed document")
    ])

    /// A clock is read as a seed's clock is.
    private static func clock(_ text: ArraySlice<UInt8>, _ modules: Modules) throws(SeedRefusal) -> SeedClock? {
        try SeedDocument(reading: Array(#"{"clock":"#.utf8) + text + [UInt8(ascii: "}")], modules: modules).clock
    }

    private static func withoutCredentials(_ seed: JSONObject, _ range: Range<Int>, _ bytes: [UInt8]) -> String {
        var kept: [UInt8] = []
        var start = range.lowerBound
        for member in seed.members where member.key == "credentials" {
            kept += bytes[start..<member.value.range.lowerBound] + Array("[]".utf8)
            start = member.value.range.upperBound
        }
        return String(decoding: kept + bytes[start..<range.upperBound], as: UTF8.self)
    }
}

extension SeedClock {
    /// This clock, with what another says in its place.
    func changed(by other: SeedClock) -> SeedClock {
        SeedClock(
            mode: other.mode ?? mode, now: other.now ?? now, speed: other.speed ?? speed,
            start: other.start ?? (other.now == nil ? start : nil))
    }
}

import JSON
import Time

extension SeedDocument {
    /// The document that these bytes say, with the system's time zones and the built-in seeds as its possible bases.
    ///
    /// - Parameter memory: what reading it counts in; the refusal says when there is not enough.
    package init(reading bytes: [UInt8], modules: Modules, memory: ReadingMemory? = nil) throws(SeedRefusal) {
        self = try SeedReader.read(bytes, modules: modules, memory: memory, isTimeZone: { Zone(named: $0) != nil })
    }
}

/// Reads seed documents, and refuses those that are wrong anywhere.
package enum SeedReader {
    /// A seed holds values of requests some levels further down than the request did.
    package static let maximumDepth = JSONParser.maximumDepth + 8

    /// The document that these bytes say, checked; otherwise all that is wrong with it.
    ///
    /// - Parameters:
    ///   - isTimeZone: Whether there is an IANA zone of that name.
    ///   - base: The bytes of the seed that `base` names; nil when there is none, and without it the built-in seeds.
    package static func read(
        _ bytes: [UInt8], modules: Modules, memory: ReadingMemory? = nil, isTimeZone: @escaping (String) -> Bool,
        base: ((String) -> [UInt8]?)? = nil
    ) throws(SeedRefusal) -> SeedDocument {
        let base = base ?? { BuiltInSeed(rawValue: $0).map(modules.bytes) }
        let source = SeedSource(bytes, modules: modules, isTimeZone: isTimeZone)
        let draft = draft(source, place: .root, memory: memory) { (name) throws(SeedRefusal) in
            guard let bytes = base(name) else { return nil }
            let baseSource = SeedSource(bytes, modules: modules, isTimeZone: isTimeZone)
            let draft = Self.draft(baseSource, place: .member("base", of: .root)) { _ in nil }
            if !baseSource.problems.isEmpty { throw SeedRefusal(problems: baseSource.problems) }
            if let times = baseSource.relativeTimes { source.note(relativeTimes: times) }
            return draft
        }
        if let draft, draft.isWhole { SeedChecks(source: source).run(draft) }
        let problems = source.problems
        guard let draft, problems.isEmpty else {
            throw SeedRefusal(problems: problems, lacksMemory: memory?.isExhausted ?? false)
        }
        return draft.document(relativeTimes: source.relativeTimes)
    }

    /// Reads one text, over that of its base; nil when it is no object.
    private static func draft(
        _ source: SeedSource, place: SeedPlace, memory: ReadingMemory? = nil,
        base: (String) throws(SeedRefusal) -> SeedDraft?
    ) -> SeedDraft? {
        guard let root = parse(source, memory), var fields = SeedFields(root, at: place, in: source) else { return nil }
        var draft = SeedDraft(source.modules)
        if fields.node("base") != nil {
            let name = fields.text("base")
            do throws(SeedRefusal) {
                if let found = try base(name) {
                    draft = found
                    draft.inheritedCredentials = found.credentials.count
                } else if fields.isSound("base") {
                    fields.refuse("base", "must be the name of a built-in seed that has no base itself")
                }
            } catch {
                fields.refuse("base", "names a seed that is itself wrong: \(error)")
            }
            draft.isWhole = fields.isSound("base")
        }
        draft.read(&fields)
        fields.finish()
        return draft
    }

    private static func parse(_ source: SeedSource, _ memory: ReadingMemory?) -> JSONNode? {
        do throws(JSONSyntaxError) {
            return try JSONParser.parse(source.bytes, maximumDepth: maximumDepth, reserve: memory.map { $0.reserve })
        } catch {
            let before = source.bytes.prefix(error.offset)
            let line = before.count { $0 == UInt8(ascii: "\n") } + 1
            let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            let column = error.offset - lineStart + 1
            source.report(.member("line \(line), column \(column)", of: .root), at: error.offset, error.message)
            return nil
        }
    }
}

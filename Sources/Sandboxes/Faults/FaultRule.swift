import JSON
import Time

/// What a fault says: which requests it is for, and what these meet.
package struct FaultRule: Hashable, Sendable {
    let match: FaultMatch
    let response: FaultResponse
    /// `{"match", "response"}` as it was written, without white space.
    let text: String
}

// Choice: the bounds, and what contradicts itself (docs/FIDELITY.md, "Faults").
extension FaultRule {
    /// The name under which an answer to `Prefer` goes.
    package static let preferName = "prefer"
    static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    /// Why a fault cannot be called that; nil when it can.
    static func objection(toName name: String) -> String? {
        if !PlainName.isOne(name) { return PlainName.message }
        return name == preferName ? "must not be \(preferName), which stands for what a request asks for itself" : nil
    }

    /// Reads a rule and reports everything that is wrong with it, but for whether what it names exists.
    init(_ fields: inout SeedFields) {
        for name in ["match", "response"] where fields.object[name] == nil { fields.refuse(name, "is missing") }
        match = fields.object("match") { FaultMatch(&$0) } ?? FaultMatch.everything
        let isEmpty = fields.object["response"]?.object?.members.isEmpty == true
        response = fields.object("response") { FaultResponse(&$0) } ?? FaultResponse.none
        if isEmpty { fields.refuse("response", "must say what happens") }
        let members = ["match", "response"].compactMap { name in fields.object[name].map { (key: name, value: $0) } }
        text = JSONNode(.object(JSONObject(members: members))).compact
    }

    /// Reads a rule, and refuses everything that is wrong with it at once.
    init(_ document: JSONNode, named name: String, within vocabulary: FaultVocabulary) throws(SeedRefusal) {
        let source = SeedSource(modules: .none)
        if let objection = Self.objection(toName: name) {
            source.report(.member("name", of: .root), at: -1, objection)
        }
        var rule: FaultRule?
        if var fields = SeedFields(document, at: .root, in: source) {
            let read = FaultRule(&fields)
            fields.finish()
            for objection in vocabulary.objections(to: read.match) {
                let node = fields.object["match"]?.object?[objection.member]
                let place = SeedPlace.member(objection.member, of: .member("match", of: .root))
                source.report(place, at: node?.range.lowerBound ?? 0, objection.message)
            }
            rule = read
        }
        guard let rule, source.problems.isEmpty else { throw SeedRefusal(problems: source.problems) }
        self = rule
    }

    /// Reads a stored rule again.
    init(stored text: String) throws {
        let root = try JSONParser.parse(Array(text.utf8), maximumDepth: SeedReader.maximumDepth)
        let source = SeedSource(modules: .none)
        guard var fields = SeedFields(root, at: .root, in: source) else {
            throw SandboxDamaged(reason: "a fault cannot be read")
        }
        self.init(&fields)
        if !source.problems.isEmpty { throw SandboxDamaged(reason: "a fault cannot be read") }
    }
}

extension FaultMatch {
    static let everything = FaultMatch(
        api: nil, method: nil, path: nil, operation: nil, skip: 0, times: nil, probability: 1)

    fileprivate init(_ fields: inout SeedFields) {
        api = fields.soundText("api")
        method = fields.node("method") == nil ? nil : fields.choice("method", FaultRule.methods)
        operation = fields.soundText("operation")
        if fields.node("path") == nil {
            path = nil
        } else {
            let pattern = fields.text("path")
            let isPath = pattern.hasPrefix("/") || pattern.hasPrefix("*")
            if fields.isSound("path"), !isPath || !PathGlob.isShort(pattern) {
                fields.refuse(
                    "path", "must begin with / or * and have at most \(PathGlob.longest) characters")
            }
            path = PathGlob(pattern)
        }
        skip = fields.integer("skip", in: SeedFields.amount, default: 0)
        times = fields.node("times") == nil ? nil : fields.integer("times", in: 1...Int64.max)
        probability = fields.number("probability", in: 0...1, default: 1)
    }
}

extension FaultResponse {
    static let none = FaultResponse(delay: .fixed(0), dribble: nil, outcome: .real)

    fileprivate init(_ fields: inout SeedFields) {
        delay = Self.delay(&fields)
        dribble = fields.object("chunkedDribbleDelay") { fields in
            Dribble(
                chunks: Int(fields.integer("numberOfChunks", in: 1...1_000)),
                milliseconds: fields.number("totalDuration", in: Self.milliseconds))
        }
        outcome = FaultOutcome(&fields)
    }

    private static let milliseconds = 0...DelayDistribution.longest

    private static func delay(_ fields: inout SeedFields) -> Delay {
        let drawn = fields.object("delayDistribution") { Self.distribution(&$0) }
        guard fields.node("fixedDelayMilliseconds") != nil else { return drawn.map { .drawn($0) } ?? .fixed(0) }
        if fields.object["delayDistribution"] != nil {
            fields.refuse("delayDistribution", "cannot go with fixedDelayMilliseconds")
        }
        return .fixed(fields.number("fixedDelayMilliseconds", in: milliseconds))
    }

    private static func distribution(_ fields: inout SeedFields) -> DelayDistribution {
        guard fields.choice("type", ["uniform", "lognormal"]) == "lognormal" else {
            guard fields.isSound("type") else {
                fields.passOver("lower", "upper", "median", "sigma", "maxValue")
                return .uniform(lower: 0, upper: 0)
            }
            let (lower, upper) = (fields.number("lower", in: milliseconds), fields.number("upper", in: milliseconds))
            if lower > upper, fields.isSound("lower", "upper") { fields.refuse("upper", "must not be below lower") }
            return .uniform(lower: lower, upper: upper)
        }
        let median = fields.number("median", in: milliseconds)
        if median == 0, fields.isSound("median") { fields.refuse("median", "must be above 0") }
        return .lognormal(
            median: median, sigma: fields.number("sigma", in: 0...10),
            maxValue: fields.node("maxValue") == nil ? nil : fields.number("maxValue", in: milliseconds))
    }
}

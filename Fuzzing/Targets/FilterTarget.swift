import Neo
import JSON
import Time

/// A filter reads anything, says the same twice, and negated selects just the others when all of it was understood.
struct FilterTarget: FuzzTarget {
    let takesJSON = true

    private static let fixed = [
        #"{"status": "New", "priority": 3, "tags": ["a", "B", null, 1.50], "nested": {"a": {"b": "2026-03-02T09:00:00Z"}}}"#,
        #"{"status": null, "priority": "3.0", "created": "2026-03-02", "text": "Straße ﬁ", "a.b": true, "n": 1e400}"#,
        #"{}"#,
    ]

    private static let objects = fixed.compactMap { (try? JSONParser.parse(Array($0.utf8)))?.object }

    private static var entities: [EntityFields] {
        objects.enumerated().map { number, fields in
            entity(id: "t\(number)", number: number == 1 ? nil : "T\(number)", fields)
        }
    }

    private static func entity(id: String, number: String?, _ fields: JSONObject) -> EntityFields {
        EntityFields(id: id, type: "ticket", number: number) { fields[$0]?.value }
    }

    func take(_ input: [UInt8]) {
        guard let node = try? JSONParser.parse(input) else { return }
        // An input may bring an entity of its own.
        let own = node.object?["entity"]?.object.map { Self.entity(id: "own", number: "é", $0) }
        let spec = node.object?["spec"] ?? node
        let entities = Self.entities + (own.map { [$0] } ?? [])
        let filter = EntityFilter(spec: spec)
        let answers = entities.map { filter.matches($0) }
        require(filter.warnings.count <= 21, "more warnings than there may be")
        require(filter.warnings.allSatisfy { !$0.isEmpty && $0.utf8.count < 4_096 }, "a warning that is no line")
        let again = EntityFilter(spec: Self.reread(spec))
        require(again.warnings == filter.warnings, "other warnings when read again")
        require(entities.map { again.matches($0) } == answers, "another choice when read again")
        guard filter.warnings.isEmpty, let object = spec.object, object["rules"] != nil else { return }
        let negated = EntityFilter(spec: Self.negated(spec))
        require(negated.warnings.isEmpty, "warnings of a negation alone: \(negated.warnings)")
        require(entities.map { negated.matches($0) } == answers.map { !$0 }, "a negation does not select the others")
    }

    private static func reread(_ node: JSONNode) -> JSONNode {
        var writer = JSONWriter()
        writer.value(node)
        return (try? JSONParser.parse(writer.bytes)) ?? JSONNode(.null)
    }

    /// `{"not": true, "rules": [spec]}`.
    private static func negated(_ spec: JSONNode) -> JSONNode {
        JSONNode(
            .object(
                JSONObject(members: [
                    ("not", JSONNode(.bool(true))), ("rules", JSONNode(.array([spec]))),
                ])))
    }
}

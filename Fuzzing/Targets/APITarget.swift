import HTTPFront
import JSON

/// Sequences of requests: each answer is a good one, a refusal changes nothing, and the sandbox can be exported at the end.
///
/// An input is an array of `{"m": method, "p": target, "k": "neo"|"backside"|"other"|token, "h": {header: text}, "b": body}`; `{id}` in a
/// target is the id that was answered last.
struct APITarget: FuzzTarget {
    let takesJSON = true
    private let scene = Scene()
    private static let most = 24

    func take(_ input: [UInt8]) {
        guard let operations = (try? JSONParser.parse(input))?.array?.compactMap(\.object) else { return }
        scene.reset()
        var lastID = "00000000-0000-4000-8000-000000000000"
        var state = scene.export()
        for operation in operations.prefix(Self.most) {
            scene.pass(seconds: 1)
            guard let answer = perform(operation, lastID) else { continue }
            let after = scene.export()
            if (400..<500).contains(answer.status), answer.field("X-Understudy-Fault") == nil {
                require(
                    Self.withoutTime(after) == Self.withoutTime(state),
                    "a refusal changes something: \(String(decoding: answer.body, as: UTF8.self))")
            }
            state = after
            lastID = Self.id(in: answer.body) ?? lastID
        }
        scene.checkExport()
    }

    private func perform(_ operation: JSONObject, _ lastID: String) -> HTTPResponse? {
        let method = operation["m"]?.string ?? "GET"
        let target = (operation["p"]?.string ?? "/").split(separator: "{id}", omittingEmptySubsequences: false)
            .joined(separator: lastID)
        // What no request line can carry does not get as far as here.
        guard !method.isEmpty, method.utf8.allSatisfy({ (0x41...0x5A).contains($0) }), target.hasPrefix("/"),
            target.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { return nil }
        let key: String? =
            switch operation["k"]?.string ?? "neo" {
            case "neo": Scene.neoKey
            case "backside": Scene.backsideKey
            case "other": Scene.otherKey
            case "": nil
            case let token where token.utf8.allSatisfy({ $0 >= 0x20 }): token
            default: nil
            }
        let fields = (operation["h"]?.object?.members ?? []).compactMap { member -> HTTPField? in
            guard let value = member.value.string, (member.key + value).utf8.allSatisfy({ $0 >= 0x20 }) else {
                return nil
            }
            return HTTPField(member.key, value)
        }
        var writer = JSONWriter()
        if let body = operation["b"] { writer.value(body) }
        let body = operation["b"]?.string.map { Array($0.utf8) } ?? writer.bytes
        return scene.send(method, target, key: key, fields: fields, body: body)
    }

    /// An export without what passes by itself: the clock's line; and without the counts of faults, which refused requests
    /// meet too. Faults come last.
    private static func withoutTime(_ export: [UInt8]) -> [Substring] {
        let text = String(decoding: export, as: UTF8.self)
        let lines = text.split(separator: "\n")
        return Array(lines.prefix { !$0.hasPrefix("\"faults\"") }.filter { !$0.hasPrefix("\"clock\"") })
    }

    private static func id(in body: [UInt8]) -> String? {
        guard let root = (try? JSONParser.parse(body))?.object else { return nil }
        if let id = root["id"]?.string { return id }
        let data = root["data"]?.object
        return (data?["id"] ?? data?["backfill"]?.object?["id"])?.string
    }
}

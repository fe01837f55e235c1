import JSON

extension FaultOutcome {
    /// The most bytes that a forced answer's body has.
    static let largestBody = 256 << 10

    init(_ fields: inout SeedFields) {
        let forced = Self.forced(&fields)
        guard fields.node("fault") != nil else {
            self = forced ?? .real
            return
        }
        let fault = fields.choice("fault", Breakage.allCases.map(\.rawValue))
        let answering = ["status", "headers", "body", "jsonBody", "chunkedDribbleDelay"]
        for other in answering where fields.object[other] != nil {
            fields.refuse(other, "cannot go with fault, which gives no answer")
        }
        self = .broken(Breakage(rawValue: fault) ?? .emptyResponse)
    }

    private static func forced(_ fields: inout SeedFields) -> FaultOutcome? {
        let headers = fields.object("headers") { FaultField.all(&$0) } ?? []
        if headers.reduce(0, { $0 + $1.byteCount }) > FaultField.mostBytes {
            fields.refuse("headers", "has more than \(FaultField.mostBytes) bytes of names and values")
        }
        let body = body(&fields)
        guard fields.node("status") != nil else {
            let isBroken = fields.object["fault"] != nil
            for name in ["headers", "body", "jsonBody"] where fields.object[name] != nil && !isBroken {
                fields.refuse(name, "needs a status")
            }
            return nil
        }
        let status = Int(fields.integer("status", in: 200...599))
        if body != nil, [204, 205, 304].contains(status), fields.isSound("status") {
            fields.refuse("status", "\(status) has no body")
        }
        return .status(status, fields: headers, body: body)
    }

    private static func body(_ fields: inout SeedFields) -> FaultBody? {
        let text = fields.node("body") == nil ? nil : FaultBody.text(fields.text("body"))
        let json = fields.node("jsonBody").map { FaultBody.json($0.compact) }
        if text != nil, json != nil { fields.refuse("jsonBody", "cannot go with body") }
        for (name, body) in [("body", text), ("jsonBody", json)] {
            if let body, body.byteCount > largestBody { fields.refuse(name, "is larger than \(largestBody) bytes") }
        }
        return text ?? json
    }
}

extension FaultField {
    /// What the server itself says of a message, and what says that it is a fault's.
    private static let reserved: Set = [
        "connection", "content-length", "date", "keep-alive", "trailer", "transfer-encoding", "upgrade",
        "x-understudy-fault",
    ]
    private static let most = 64
    private static let longestValue = 4_096
    /// Names and values together: an answer's header is put together where its request's header lies, in little memory.
    fileprivate static let mostBytes = 8_192

    fileprivate var byteCount: Int { name.utf8.count + value.utf8.count }

    fileprivate static func all(_ fields: inout SeedFields) -> [FaultField] {
        var names: Set<String> = []
        var all: [FaultField] = []
        for member in fields.object.members {
            let name = member.key
            let value = fields.text(name)
            if !isToken(name) {
                fields.refuse(name, "is no name of a header field")
            } else if reserved.contains(name.lowercased()) {
                fields.refuse(name, "is the server's own to send")
            } else if !names.insert(name.lowercased()).inserted, fields.isSound(name) {
                fields.refuse(name, "is given twice")
            } else if fields.isSound(name), !isValue(value) {
                fields.refuse(
                    name, "must be of at most \(longestValue) bytes, none of them a line break or control character")
            }
            all.append(FaultField(name: name, value: value))
            if all.count > most {
                fields.refuse(name, "is one of more than \(most) header fields")
                break
            }
        }
        return all
    }

    /// A token of RFC 9110, section 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// Field content of RFC 9110, section 5.5.
    private static func isValue(_ text: String) -> Bool {
        text.utf8.count <= longestValue && text.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
    }
}

extension SeedFields {
    /// A number within bounds.
    mutating func number(_ name: String, in bounds: ClosedRange<Double>, default fallback: Double? = nil) -> Double {
        converted(
            name, "a number from \(Self.words(bounds.lowerBound)) to \(Self.words(bounds.upperBound))",
            kind: "a number", fallback: fallback, standIn: bounds.lowerBound
        ) {
            $0.number?.double.flatMap { bounds.contains($0) ? $0 : nil }
        }
    }

    private static func words(_ bound: Double) -> String { Int64(exactly: bound).map(String.init) ?? "\(bound)" }

    /// Text; nil when it is left out or none.
    mutating func soundText(_ name: String) -> String? {
        guard node(name) != nil else { return nil }
        let text = text(name)
        return isSound(name) ? text : nil
    }

    /// Takes members for asked for: whether they belong here cannot be said.
    mutating func passOver(_ names: String...) {
        for name in names { _ = node(name) }
    }
}

import JSON

/// What is read can be written, reads the same again, and every value lies where its place says.
struct JSONTarget: FuzzTarget {
    let takesJSON = false

    func take(_ input: [UInt8]) {
        let node: JSONNode
        do throws(JSONSyntaxError) { node = try JSONParser.parse(input) } catch {
            require((0...input.count).contains(error.offset), "an offset outside the text")
            require(!error.message.isEmpty, "an error without words")
            return
        }
        let written = Self.written(node)
        guard let again = try? JSONParser.parse(written) else { fatalError("what was written cannot be read") }
        require(Self.areSame(node, again), "it reads otherwise than it was written")
        require(Self.written(again) == written, "it is written otherwise the second time")
        checkPlaces(node, in: input)
    }

    private static func written(_ node: JSONNode) -> [UInt8] {
        var writer = JSONWriter()
        writer.value(node)
        return writer.bytes
    }

    /// The same kinds, members, spellings of numbers and scalars of texts.
    private static func areSame(_ left: JSONNode, _ right: JSONNode) -> Bool {
        switch (left.value, right.value) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)):
            left.text == right.text && left.integer == right.integer && left.double == right.double
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)): left.elementsEqual(right, by: areSame)
        case (.object(let left), .object(let right)):
            left.members.elementsEqual(right.members) {
                $0.key.utf8.elementsEqual($1.key.utf8) && areSame($0.value, $1.value)
            }
        default: false
        }
    }

    /// Each value's bytes, read alone, are that value: what a free-form field echoes.
    private func checkPlaces(_ node: JSONNode, in input: [UInt8]) {
        require(
            node.range.lowerBound >= 0 && node.range.upperBound <= input.count && !node.range.isEmpty,
            "a place outside the text")
        if input.count < 512 {
            guard let alone = try? JSONParser.parse(Array(input[node.range])) else {
                fatalError("a value's own bytes cannot be read")
            }
            require(Self.areSame(node, alone), "a value's own bytes are another value")
            require(alone.range == 0..<node.range.count, "a place takes in more than its value")
        }
        let inner: [JSONNode] =
            switch node.value {
            case .array(let elements): elements
            case .object(let object): object.members.map(\.value)
            case .null, .bool, .number, .string: []
            }
        var end = node.range.lowerBound
        for value in inner {
            require(value.range.lowerBound > end && value.range.upperBound < node.range.upperBound, "places overlap")
            end = value.range.upperBound
            checkPlaces(value, in: input)
        }
    }
}

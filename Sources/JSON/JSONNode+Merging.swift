extension JSONNode {
    /// This value with another one merged in. Of two objects each member is merged; of two arrays the other's elements
    /// follow; anything else is replaced by the other. The first's members keep their places, and new ones follow.
    ///
    /// The depth of the recursion is that of the values. Places in a text are lost where two values became one.
    package func merged(with other: JSONNode) -> JSONNode {
        switch (value, other.value) {
        case (.object(let mine), .object(let others)): JSONNode(.object(mine.merged(with: others)))
        case (.array(let mine), .array(let others)): JSONNode(.array(mine + others))
        default: other
        }
    }
}

extension JSONObject {
    /// As above. Of members with one name, the last counts on both sides.
    package func merged(with other: JSONObject) -> JSONObject {
        guard !other.members.isEmpty else { return self }
        var members = members
        let places = lastPlaces
        let othersPlaces = other.lastPlaces
        for (index, member) in other.members.enumerated() where othersPlaces[member.key] == index {
            if let place = places[member.key] {
                members[place].value = members[place].value.merged(with: member.value)
            } else {
                members.append(member)
            }
        }
        return JSONObject(members: members)
    }

    private var lastPlaces: [String: Int] {
        Dictionary(members.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { $1 })
    }
}

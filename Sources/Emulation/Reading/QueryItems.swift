import HTTPFront

/// The parameters of a query, decoded, in the order in which they were sent.
package enum QueryItems {
    /// What cannot be decoded is a replacement character; a parameter without `=` has an empty value.
    package static func read(_ query: String) -> [(name: String, value: String)] {
        query.utf8.split(separator: UInt8(ascii: "&")).map { pair in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let texts = parts.map { PercentCoding.decode($0, plusIsSpace: true) ?? "\u{FFFD}" }
            return (texts.first ?? "", texts.count > 1 ? texts[1] : "")
        }
    }
}

package import Time

/// RFC 3339 timestamps in a query.
package enum QueryInstant {
    /// The instant; nil when the text is none. A plus sign that the client did not encode arrives as a space.
    package static func read(_ text: String) -> Instant? {
        if let instant = Instant(rfc3339: text) { return instant }
        guard let space = text.lastIndex(of: " ") else { return nil }
        return Instant(rfc3339: "\(text[..<space])+\(text[text.index(after: space)...])")
    }
}

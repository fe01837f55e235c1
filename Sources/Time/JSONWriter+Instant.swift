package import JSON

extension JSONWriter {
    /// An instant as the APIs write it, or null.
    package mutating func instant(_ instant: Instant?) {
        guard let instant else { return null() }
        quoted(asciiBytes: Instant.rfc3339Count) { instant.writeRFC3339(to: $0) }
    }
}

package import JSON

extension JSONWriter {
    /// An instant as both vendors write it, or null.
    package mutating func instant(_ instant: Instant?) {
        if let instant { quoted(instant.rfc3339Bytes) } else { null() }
    }
}

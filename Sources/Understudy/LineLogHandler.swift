import JSON
package import Logging
package import Time

/// How a log line looks.
package enum LogFormat: String, CaseIterable, Sendable {
    /// `2026-03-02T09:00:00.000000Z info request status=200`
    case text
    /// One JSON object a line: `{"time": …, "level": "info", "message": "request", "status": 200}`
    case json
}

/// One line for each event, in the order in which they come.
package struct LineLogHandler: LogHandler {
    package var logLevel = Logger.Level.notice
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let format: LogFormat
    private let machine: @Sendable () -> Instant
    private let write: @Sendable ([UInt8]) -> Void

    package init(
        format: LogFormat, machine: @escaping @Sendable () -> Instant, write: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.format = format
        self.machine = machine
        self.write = write
    }

    /// What stands in place of so many lines.
    package func droppedLine(_ count: Int) -> [UInt8] {
        LogLine(
            time: machine().rfc3339, level: Logger.Level.warning.rawValue, message: "\(count) log lines were dropped",
            values: []
        ).bytes(format)
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let all = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }.merging(event.metadata ?? [:]) { $1 }
        let line = LogLine(
            time: machine().rfc3339, level: event.level.rawValue, message: "\(event.message)",
            values: all.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        write(line.bytes(format))
    }
}

/// What one line says.
private struct LogLine {
    let time: String
    let level: String
    let message: String
    let values: [(key: String, value: Logger.MetadataValue)]

    func bytes(_ format: LogFormat) -> [UInt8] {
        switch format {
        case .text: text
        case .json: json
        }
    }

    private var json: [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.key("time")
        writer.string(time)
        writer.key("level")
        writer.string(level)
        writer.key("message")
        writer.string(message)
        for (key, value) in values {
            writer.key(anyText: key)
            switch value {
            case .stringConvertible(let number as Int): writer.integer(number)
            case .stringConvertible(let number as Double): writer.double(number)
            case .string, .stringConvertible, .array, .dictionary: writer.string("\(value)")
            }
        }
        writer.endObject()
        return Array((SafeText.escaping(String(decoding: writer.bytes, as: UTF8.self)) + "\n").utf8)
    }

    private var text: [UInt8] {
        let words =
            [time, level, Self.onOneLine(message)]
            + values.map { "\(Self.onOneLine($0.key))=\(Self.quoted("\($0.value)"))" }
        return Array((words.joined(separator: " ") + "\n").utf8)
    }

    /// A value with white space, quotes or control characters in it, or nothing at all, as a JSON string.
    private static func quoted(_ value: String) -> String {
        let isPlain = value.unicodeScalars.allSatisfy {
            $0 != " " && $0 != "\"" && !$0.properties.isWhitespace && !SafeText.acts($0)
        }
        guard value.isEmpty || !isPlain else { return value }
        var writer = JSONWriter()
        writer.string(value)
        return SafeText.escaping(String(decoding: writer.bytes, as: UTF8.self))
    }

    private static func onOneLine(_ text: String) -> String {
        text.unicodeScalars.contains(where: SafeText.acts) ? quoted(text) : text
    }
}

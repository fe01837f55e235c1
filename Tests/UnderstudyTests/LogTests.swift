import Foundation
import HTTPFront
import JSON
import Logging
import RawHTTP
import Time
import Synchronization
import TestSupport
import Testing

@testable import Understudy

@Suite struct LogTests {
    /// Keeps what is logged.
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])

        func logger(_ format: LogFormat, level: Logger.Level) -> Logger {
            var logger = Logger(label: "test") { [self] _ in
                LineLogHandler(
                    format: format, machine: { Instant(rfc3339: "2026-03-02T09:00:00Z")! },
                    write: { line in self.all.withLock { $0.append(String(decoding: line, as: UTF8.self)) } })
            }
            logger.logLevel = level
            return logger
        }

        var last: String { all.withLock { $0.last ?? "" } }
        var count: Int { all.withLock { $0.count } }
    }

    @Test func aLineIsTextOrOneJSONObject() throws {
        let lines = Lines()
        let metadata: Logger.Metadata = [
            "b": "two words", "a": "plain", "status": .stringConvertible(200), "e": "", "n": "x\ny\u{1B}\"",
        ]
        lines.logger(.text, level: .info).info("hello", metadata: metadata)
        #expect(
            lines.last
                == "2026-03-02T09:00:00.000000Z info hello a=plain b=\"two words\" e=\"\" n=\"x\\ny\\u001b\\\"\" status=200\n"
        )
        lines.logger(.json, level: .info).warning("he said \"no\"\n", metadata: metadata)
        #expect(lines.last.filter { $0 == "\n" }.count == 1)
        let object = try JSONParser.parse(Array(lines.last.utf8)).object
        #expect(object?["message"]?.string == "he said \"no\"\n")
        #expect(object?["level"]?.string == "warning")
        #expect(object?["n"]?.string == "x\ny\u{1B}\"")
        #expect(object?["status"]?.integer == 200)
        lines.logger(.text, level: .notice).info("quiet")
        #expect(lines.count == 2)
    }

    /// What a terminal obeys, or what turns the rest of a line around: C0 and C1, DEL, bidirectional and other format characters,
    /// separators of lines and paragraphs.
    static let acting: [(scalar: Unicode.Scalar, escaped: String)] =
        [
            ("\u{1B}", "\\u001b"), ("\u{7F}", "\\u007f"), ("\u{0}", "\\u0000"), ("\u{202E}", "\\u202e"),
            ("\u{2066}", "\\u2066"), ("\u{200F}", "\\u200f"), ("\u{61C}", "\\u061c"), ("\u{FEFF}", "\\ufeff"),
            ("\u{AD}", "\\u00ad"), ("\u{2028}", "\\u2028"), ("\u{2029}", "\\u2029"), ("\u{E0041}", "\\udb40\\udc41"),
        ] + (0x80...0x9F).map { (Unicode.Scalar($0 as UInt8), "\\u00" + String($0, radix: 16)) }

    @Test func nothingThatATerminalObeysGetsIntoALine() throws {
        let lines = Lines()
        for (scalar, escaped) in Self.acting {
            let value = "é\(scalar)x"
            let metadata: Logger.Metadata = ["v": "\(value)", "k\(scalar)": "1"]
            lines.logger(.text, level: .info).info("m\(scalar)", metadata: metadata)
            #expect(
                lines.last
                    == "2026-03-02T09:00:00.000000Z info \"m\(escaped)\" \"k\(escaped)\"=1 v=\"é\(escaped)x\"\n")
            lines.logger(.json, level: .info).info("m\(scalar)", metadata: metadata)
            #expect(!lines.last.unicodeScalars.contains(scalar))
            let object = try JSONParser.parse(Array(lines.last.utf8)).object
            #expect(object?["v"]?.string == value)
            #expect(object?["k\(scalar)"]?.string == "1")
            #expect(object?["message"]?.string == "m\(scalar)")
        }
    }

    @Test func aRequestsPathIsEscapedToo() throws {
        let lines = Lines()
        let standIn = try StandIn { $0.logger = lines.logger(.text, level: .info) }
        standIn.send("GET", "/public-api/\u{9B}31m\u{202E}x")
        #expect(lines.last.contains(#" path="/public-api/\u009b31m\u202ex" "#), "\(lines.last)")
    }

    @Test func anExpiredCertificateIsAWarningAtStart() throws {
        let lines = Lines()
        let tls = try TLSIdentity(
            certificate: Array(TestCertificate.certificate.utf8), named: "c.pem",
            key: Array(TestCertificate.key.utf8), named: "k.pem")
        for (year, count) in [("2126-01-01", 0), ("2127-01-01", 1)] {
            let now = try #require(Instant(rfc3339: "\(year)T00:00:00Z"))
            _ = try StandIn {
                $0.http.tls = tls
                $0.machine = { now }
                $0.logger = lines.logger(.text, level: .notice)
            }
            #expect(lines.count == count)
        }
        #expect(lines.last.contains(" warning the certificate c.pem has expired, on 2126-10-28T08:25:49Z: "))
    }

    @Test func atInfoEachRequestHasItsLine() throws {
        let lines = Lines()
        let standIn = try StandIn { $0.logger = lines.logger(.json, level: .info) }
        standIn.send("GET", "/public-api/backfills/some-id?token=secret")
        let object = try JSONParser.parse(Array(lines.last.utf8)).object
        for (name, value) in [
            ("message", "request"), ("api", "neo"), ("operation", "public_api.backfills_get_by_id"), ("method", "GET"),
            ("path", "/public-api/backfills/some-id"), ("sandbox", standIn.sandbox(of: StandIn.neoKey)),
        ] { #expect(object?[name]?.string == value, "\(name)") }
        #expect(object?["status"]?.integer == 404)
        #expect(object?["milliseconds"]?.number != nil)
        #expect(object?["request_id"]?.string.flatMap { UUIDValue($0) } != nil)
        standIn.send("GET", "/nowhere", key: nil)
        #expect(lines.last.contains(#""api":"control-plane""#) && !lines.last.contains("operation"))
        let count = lines.count
        #expect(count == 3)
        let quiet = try StandIn { $0.logger = lines.logger(.json, level: .notice) }
        quiet.send("GET", "/nowhere", key: nil)
        #expect(lines.count == count)
    }

    @Test(arguments: [
        "/public-api/backfills/neo_sk_test_Sesame", "/public-api/%6eeo_sk_test_Sesame", "/x/bsk_live_Sesame",
    ])
    func aPathWithAKeyInItIsWithheld(path: String) throws {
        let lines = Lines()
        let standIn = try StandIn { $0.logger = lines.logger(.text, level: .trace) }
        standIn.send("GET", path)
        #expect(lines.last.contains("path=(withheld)"))
        #expect(!lines.last.contains("Sesame"))
    }

    @Test func whatWasDroppedIsSaidInTheSameFormat() throws {
        let machine: @Sendable () -> Instant = { Instant(rfc3339: "2026-03-02T09:00:00Z")! }
        let line = LineLogHandler(format: .json, machine: machine, write: { _ in }).droppedLine(3)
        #expect(try JSONParser.parse(line).object?["message"]?.string == "3 log lines were dropped")
        let text = LineLogHandler(format: .text, machine: machine, write: { _ in }).droppedLine(3)
        #expect(
            String(decoding: text, as: UTF8.self)
                == "2026-03-02T09:00:00.000000Z warning 3 log lines were dropped\n")
    }

    @Test func aSlowReaderHoldsNobodyUpAndIsToldWhatItMissed() throws {
        let pipe = Pipe()
        let writer = LogWriter(descriptor: pipe.fileHandleForWriting.fileDescriptor, capacity: 64 * 1024)
        // Far more than the pipe and the queue hold together, and nobody reads yet.
        let line = Array(String(repeating: "x", count: 999).utf8) + [UInt8(ascii: "\n")]
        for _ in 0..<1_000 { writer.write(line) }
        writer.close()
        // What was dropped is said, perhaps more than once, before the end.
        var text = ""
        var (written, lost) = (0, 0)
        while written + lost < 1_000 {
            let data = pipe.fileHandleForReading.availableData
            guard !data.isEmpty else { break }
            text += String(decoding: data, as: UTF8.self)
            let lines = text.split(separator: "\n")
            written = lines.count { $0.count == 999 }
            let dropped = lines.compactMap { $0.wholeMatch(of: /(\d+) log lines were dropped/).flatMap { Int($0.1) } }
            lost = dropped.reduce(0, +)
        }
        #expect(written + lost == 1_000)
        #expect(lost > 500)
        // The pipe ends with this test: the writer is to be done with it.
        writer.flush(within: 10)
    }

    @Test func allLinesComeInOrder() throws {
        let pipe = Pipe()
        let writer = LogWriter(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        for number in 0..<1_000 { writer.write(Array("\(number)\n".utf8)) }
        writer.flush(within: 10)
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let numbers: [Int] = text.split(separator: "\n").compactMap { Int($0) }
        #expect(numbers == Array(0..<1_000))
        writer.close()
    }
}

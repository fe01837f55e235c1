import JSON
import Sandboxes
import Testing

@testable import Neo

@Suite struct DailyExecutionWindowsTests {
    private static func read(_ text: String) throws -> (windows: DailyExecutionWindows, findings: [String]) {
        var findings: [String] = []
        let windows = DailyExecutionWindows(try JSONParser.parse(Array(text.utf8))) {
            findings.append("\($0.place): \($0.kind)")
        }
        return (windows, findings)
    }

    @Test func daysKeepTheirOrderAndTimesBecomeWhole() throws {
        let (windows, findings) = try Self.read(
            #"{"sunday": [], "monday": [{"run_start_time": "22:00", "run_end_time": "06:30:59.9"}]}"#)
        #expect(findings.isEmpty)
        #expect(windows.days.map(\.name) == ["sunday", "monday"])
        #expect(windows.days[1].windows.map(\.start) == [79_200])
        #expect(windows.days[1].windows.map(\.end) == [23_459])
        #expect(windows.json == #"{"sunday":[],"monday":[{"run_start_time":"22:00:00","run_end_time":"06:30:59"}]}"#)
        #expect(DailyExecutionWindows(json: windows.json) == windows)
        #expect(DailyExecutionWindows(json: "{}") == DailyExecutionWindows.none)
    }

    @Test(arguments: [
        ("5", [": invalid(\"must be an object, not a number\")"]),
        (#"{"monday": null}"#, ["monday: invalid(\"must be an array, not null\")"]),
        (#"{"monday": [1]}"#, ["monday[0]: invalid(\"must be an object, not a number\")"]),
        (
            #"{"monday": [{"run_start_time": "1:00"}]}"#,
            [
                "monday[0].run_start_time: invalid(\"must be a time such as 22:00 or 22:00:00\")",
                "monday[0].run_end_time: invalid(\"is missing\")",
            ]
        ),
        (#"{"mon": []}"#, ["mon: unknownDay"]),
        (
            #"{"monday": [{"run_start_time": "01:00Z", "run_end_time": "02:00:00+01:00", "x": 1}]}"#,
            [
                "monday[0].run_start_time: ignoredOffset", "monday[0].run_end_time: ignoredOffset",
                "monday[0].x: unknownMember",
            ]
        ),
    ])
    func whatIsOddIsReported(text: String, expected: [String]) throws {
        #expect(try Self.read(text).findings == expected)
        #expect(DailyExecutionWindows(json: text) == nil)
    }

    @Test func ofTwoDaysWithOneNameTheLastCounts() throws {
        let window = #"[{"run_start_time": "01:00", "run_end_time": "02:00"}]"#
        let (windows, findings) = try Self.read(#"{"monday": [1], "tuesday": [], "monday": \#(window)}"#)
        #expect(findings.isEmpty)
        #expect(windows.days.map(\.name) == ["tuesday", "monday"])
        #expect(windows.days[1].windows.count == 1)
    }
}

import Emulation
import JSON
import TestSupport
import Testing

@testable import Understudy

@Suite struct MetricsTests {
    /// The samples by name and labels.
    private static func samples(_ standIn: StandIn) -> [String: Double] {
        let answer = standIn.send("GET", "/_understudy/metrics", key: nil)
        #expect(answer.status == 200)
        #expect(answer.response.field("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
        let lines = answer.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        return Dictionary(
            lines.compactMap { line in
                let cut = line.lastIndex(of: " ") ?? line.startIndex
                return Double(line[cut...].dropFirst()).map { (String(line[..<cut]), $0) }
            },
            uniquingKeysWith: { first, _ in
                Issue.record("a sample is given twice")
                return first
            })
    }

    private static func requests(_ api: String, _ route: String, _ method: String, _ status: Int) -> String {
        "understudy_http_requests_total{api=\"\(api)\",route=\"\(route)\",method=\"\(method)\",status=\"\(status)\"}"
    }

    @Test func requestsAreCountedByWhatTheyAskedFor() throws {
        let standIn = try StandIn()
        for _ in 0..<3 { standIn.send("GET", "/public-api/backfills/x") }
        standIn.send("POST", "/public-api/backfills", body: createBody())
        standIn.send("GET", "/public-api/backfills", key: nil)
        standIn.send("GET", "/public-api/no/such?path=1")
        standIn.send("HEAD", "/public-api/agents")
        standIn.send("BREW", "/public-api/agents")
        standIn.send(
            "GET", "/api/v1/agents/a/runs/00000000-0000-4000-8000-000000000001", key: StandIn.backsideKey)
        standIn.send("GET", "/_understudy/sandbox")
        standIn.send("GET", "/nowhere")
        let samples = Self.samples(standIn)
        for (sample, count) in [
            (Self.requests("neo", "/public-api/backfills/{backfill_id}", "GET", 404), 3.0),
            (Self.requests("neo", "/public-api/backfills", "POST", 201), 1),
            (Self.requests("neo", "/public-api/backfills", "GET", 401), 1),
            (Self.requests("neo", "(unknown)", "GET", 404), 1), (Self.requests("neo", "(unknown)", "OTHER", 405), 1),
            (Self.requests("neo", "/public-api/agents", "HEAD", 200), 1),
            (Self.requests("backside", "/api/v1/agents/{kind}/runs/{id}", "GET", 404), 1),
            (Self.requests("control-plane", "/_understudy/sandbox", "GET", 200), 1),
            (Self.requests("control-plane", "(unknown)", "GET", 404), 1),
            ("understudy_http_request_duration_seconds_count{api=\"neo\"}", 8),
            ("understudy_http_request_duration_seconds_bucket{api=\"neo\",le=\"+Inf\"}", 8),
        ] { #expect(samples[sample] == count, "\(sample)") }
        // A scrape counts from the next one on.
        #expect(Self.samples(standIn)[Self.requests("control-plane", "/_understudy/metrics", "GET", 200)] == 1)
    }

    @Test func whatIsActiveIsCountedAsOfNow() throws {
        let standIn = try StandIn(seed: .blank) { $0.clock = .real }
        standIn.send("POST", "/public-api/backfills", body: createBody())
        standIn.send("POST", "/public-api/backfills", key: "neo_sk_test_two", body: createBody())
        var samples = Self.samples(standIn)
        #expect(samples["understudy_backfills_active"] == 2)
        #expect(samples["understudy_sandboxes{state=\"open\"}"] == 3)
        #expect(samples["understudy_sandboxes{state=\"closed\"}"] == 0)
        // They end although nobody looks at them.
        standIn.pass(seconds: 30 * 86_400)
        samples = Self.samples(standIn)
        #expect(samples["understudy_backfills_active"] == 0)
    }

    @Test func noLabelNamesACredentialOrASandbox() throws {
        let standIn = try Admin.standIn()
        let made = try standIn.makeSandbox(#"{"name": "team-a"}"#)
        standIn.send("GET", "/public-api/backfills/\(made.neo)", key: made.neo)
        standIn.send("GET", Admin.sandboxes + "/team-a", key: Admin.token)
        let text = standIn.send("GET", "/_understudy/metrics", key: nil).text
        for secret in [made.neo, made.backside, "team-a", Admin.token, "default"] { #expect(!text.contains(secret)) }
        #expect(text.contains("/_understudy/admin/sandboxes/{name}"))
    }

    @Test func manyThreadsLoseNoCount() async {
        let metrics = RequestMetrics(apis: 1)
        let route = Route(id: "x", method: "GET", path: "/x")
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<8 {
                group.addTask {
                    for number in 0..<1_000 {
                        metrics.count(
                            api: 0, route: route, method: "GET", status: 200 + number % 2, seconds: Double(thread))
                    }
                }
            }
        }
        let totals = metrics.totals()
        #expect(totals.requests.values.sorted() == [4_000, 4_000])
        #expect(totals.times[0].buckets.reduce(0, +) == 8_000)
        #expect(totals.times[0].seconds == 28_000)
        #expect(totals.times[0].buckets[0] == 1_000)
    }

    @Test func labelsAreEscaped() {
        var text = PrometheusText()
        text.sample("x", [("a", "q\"b\\c\nd")], 1)
        #expect(String(decoding: text.bytes, as: UTF8.self) == "x{a=\"q\\\"b\\\\c\\nd\"} 1.0\n")
    }
}

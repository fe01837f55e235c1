import Emulation
import Sandboxes

/// What `GET /_understudy/metrics` tells. No label names a credential or a sandbox.
struct ServerFigures: Sendable {
    let requests: RequestMetrics
    /// The APIs' names, and at the end that of the control plane.
    let apis: [String]
    let directory: SandboxDirectory
    /// How many entries all journals have, and how many bytes those take.
    let journal: @Sendable () -> (entries: Int, bytes: Int)

    /// So many open sandboxes are asked what is active in them, those used last: a scrape stays short.
    private static let askedSandboxes = 1_000

    func text() -> [UInt8] {
        var text = PrometheusText()
        let totals = requests.totals()
        writeRequests(totals, to: &text)
        writeTimes(totals, to: &text)
        writeSandboxes(to: &text)
        text.family("understudy_build_info", .gauge, "Always 1; the label says which version this is.")
        text.sample("understudy_build_info", [("version", Understudy.version)], 1)
        ProcessFigures.write(to: &text)
        return text.bytes
    }

    private func writeRequests(_ totals: RequestMetrics.Totals, to text: inout PrometheusText) {
        text.family("understudy_http_requests_total", .counter, "Requests answered.")
        let samples = totals.requests.map { key, count in
            (
                labels: [apis[key.api], key.route?.path ?? "(unknown)", key.method.rawValue, "\(key.status)"],
                count: count
            )
        }
        for sample in samples.sorted(by: { $0.labels.lexicographicallyPrecedes($1.labels) }) {
            let labels = zip(["api", "route", "method", "status"], sample.labels).map { ($0, $1) }
            text.sample("understudy_http_requests_total", labels, sample.count)
        }
    }

    private func writeTimes(_ totals: RequestMetrics.Totals, to text: inout PrometheusText) {
        let name = "understudy_http_request_duration_seconds"
        text.family(name, .histogram, "From a request's arrival to its answer, without what a fault delays it by.")
        for (api, times) in zip(apis, totals.times) {
            var below = 0
            for (bound, count) in zip(RequestMetrics.bounds.map { "\($0)" } + ["+Inf"], times.buckets) {
                below += count
                text.sample("\(name)_bucket", [("api", api), ("le", bound)], below)
            }
            text.sample("\(name)_sum", [("api", api)], times.seconds)
            text.sample("\(name)_count", [("api", api)], below)
        }
    }

    private func writeSandboxes(to text: inout PrometheusText) {
        let counts = directory.counts
        text.family("understudy_sandboxes", .gauge, "Sandboxes, open in memory or closed on disk.")
        text.sample("understudy_sandboxes", [("state", "open")], counts.open)
        text.sample("understudy_sandboxes", [("state", "closed")], counts.closed)
        for (figure, sum) in directory.figures(inTheLastUsed: Self.askedSandboxes) {
            text.family(figure.name, .gauge, "\(figure.help), in the \(Self.askedSandboxes) open sandboxes used last.")
            text.sample(figure.name, [], Int(sum))
        }
        let journal = journal()
        text.family("understudy_journal_entries", .gauge, "Requests that the journals hold.")
        text.sample("understudy_journal_entries", [], journal.entries)
        text.family("understudy_journal_bytes", .gauge, "Bytes that the journals hold.")
        text.sample("understudy_journal_bytes", [], journal.bytes)
    }
}

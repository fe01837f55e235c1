import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

/// The statistics of agent runs.
enum AgentStatistics {
    /// How far to look back (documented).
    private enum Window: String, CaseIterable {
        case day = "24h"
        case week = "7d"
        case month = "30d"

        var seconds: Int64 {
            switch self {
            case .day: 86_400
            case .week: 7 * 86_400
            case .month: 30 * 86_400
            }
        }
    }

    /// `GET /api/v1/admin/stats/agents`: aggregates over the runs that were made within the window.
    ///
    /// Choice: a run leaves the window exactly as old as that (docs/FIDELITY.md, "Statistics").
    static let get: @Sendable (Call) throws -> HTTPResponse = { call in
        guard let window = Window(rawValue: call.request.queryParameter("window") ?? "24h") else {
            let known = Window.allCases.map(\.rawValue).joined(separator: ", ")
            throw BacksideRefusal.badRequest(reason: "window must be one of \(known).")
        }
        let start = call.now.adding(seconds: -window.seconds)
        let stats = try call.world.agentStats(after: start, upTo: call.now)
        var writer = JSONWriter()
        writer.stats(stats, window: window.rawValue)
        return HTTPResponse(200, json: writer.bytes)
    }
}

extension JSONWriter {
    /// AgentStats, nulls included.
    fileprivate mutating func stats(_ stats: AgentStats, window: String) {
        beginObject()
        key("window")
        string(window)
        key("total_runs")
        integer(stats.totalRuns)
        key("total_cost_cents")
        integer(stats.totalCostCents)
        key("by_status")
        beginObject()
        for status in ["queued", "running", "waiting", "succeeded", "failed", "cancelled"] {
            key(anyText: status)
            integer(stats.statuses[status] ?? 0)
        }
        endObject()
        key("by_blueprint")
        beginArray()
        for kind in stats.kinds { blueprint(kind) }
        endArray()
        key("failure_categories")
        beginArray()
        for failures in stats.failures {
            beginObject()
            key("category")
            string(failures.category)
            key("count")
            integer(failures.count)
            endObject()
        }
        endArray()
        endObject()
    }

    /// Choice: a blueprint is a kind of agent (docs/FIDELITY.md, "Statistics").
    private mutating func blueprint(_ kind: AgentStats.OfKind) {
        beginObject()
        key("blueprint")
        string(kind.agentKind)
        key("runs")
        integer(kind.runs)
        key("succeeded")
        integer(kind.succeeded)
        key("failed")
        integer(kind.failed)
        key("avg_cost_cents")
        double(kind.averageCostCents)
        key("avg_duration_secs")
        if let seconds = kind.averageSeconds { double(seconds) } else { null() }
        endObject()
    }
}

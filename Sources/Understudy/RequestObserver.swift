import Emulation
import HTTPFront
import Logging
import Sandboxes

/// Told of every request once its answer is known: counts it, and, at level `info`, logs it.
struct RequestObserver: Sendable {
    let metrics: RequestMetrics
    let logger: Logger
    /// The APIs' names, and at the end that of the control plane.
    let apis: [String]
    /// How keys begin: a path with one of these in it is not logged.
    let secrets: [String]

    func observe(_ request: HTTPRequest, _ answered: Answered, api: Int) {
        let milliseconds = answered.milliseconds
        metrics.count(
            api: api, route: answered.route, method: request.method, status: answered.response.status,
            seconds: milliseconds / 1_000)
        guard logger.logLevel <= .info else { return }
        var metadata: Logger.Metadata = [
            "request_id": "\(answered.answer.requestID)", "api": "\(apis[api])", "method": "\(request.method)",
            "path": "\(shown(request.path))", "status": .stringConvertible(answered.response.status),
            "milliseconds": .stringConvertible(milliseconds),
        ]
        if let route = answered.route { metadata["operation"] = "\(route.id)" }
        if let sandbox = answered.sandbox { metadata["sandbox"] = "\(sandbox.name)" }
        logger.info("request", metadata: metadata)
    }

    /// The path as it is logged: without the query, which may hold anything, not endlessly long, and not at all when
    /// somebody has put a key into it.
    private func shown(_ path: String) -> String {
        let decoded = PercentCoding.decode(path.utf8[...]) ?? path
        if secrets.contains(where: decoded.contains) { return "(withheld)" }
        return path.utf8.count > 512 ? String(decoding: path.utf8.prefix(512), as: UTF8.self) + "…" : path
    }
}

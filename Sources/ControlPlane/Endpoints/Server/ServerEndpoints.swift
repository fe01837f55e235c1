import HTTPFront
import JSON

/// What belongs to no sandbox: whether the server is well, its figures, and what it serves.
struct ServerEndpoints: EndpointGroup {
    private let version: String
    private let metrics: @Sendable () -> [UInt8]
    private let steadySeconds: @Sendable () -> Double
    private let began: Double

    private let document: @Sendable () -> [UInt8]

    /// The server's time counts from now.
    ///
    /// - Parameter document: the OpenAPI document of the control plane.
    init(_ configuration: ControlPlaneConfiguration, document: @escaping @Sendable () -> [UInt8]) {
        self.document = document
        version = configuration.version
        metrics = configuration.metrics
        steadySeconds = configuration.steadySeconds
        began = configuration.steadySeconds()
    }

    var endpoints: [Endpoint] {
        [
            Endpoint("get_health", "GET", "/_understudy/health", .open(health)),
            Endpoint("get_openapi", "GET", "/_understudy/openapi.json", .open(openAPI)),
            Endpoint("get_metrics", "GET", "/_understudy/metrics", .open(figures)),
        ]
    }

    private func health() -> HTTPResponse {
        .json { writer in
            writer.beginObject()
            writer.key("status")
            writer.string("ok")
            writer.key("version")
            writer.string(version)
            writer.key("uptime_seconds")
            writer.double(((steadySeconds() - began) * 1_000).rounded() / 1_000)
            writer.endObject()
        }
    }

    private func openAPI() -> HTTPResponse { HTTPResponse(200, json: document()) }

    /// In Prometheus' text format.
    private func figures() -> HTTPResponse {
        HTTPResponse(
            200, fields: [HTTPField("Content-Type", "text/plain; version=0.0.4; charset=utf-8")], body: metrics())
    }
}

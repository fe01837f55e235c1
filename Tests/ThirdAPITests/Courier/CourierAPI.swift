package import ControlPlane
package import Emulation
package import HTTPFront
import Sandboxes

/// The API of a courier who does not exist: parcels that are on their way for some seconds, and may get lost.
///
/// It shows what an emulated API is made of. This file has what the pipeline asks of it, `CourierAPI+Sandbox.swift` what its
/// sandboxes do, and `ParcelEndpoints.swift` what it adds to the control plane.
package struct CourierAPI: ControlledAPI {
    package let name = "courier"
    package let title = "Courier API"
    package let basePath = "/courier/v1"
    /// The OpenAPI document, as it is served.
    package let document: [UInt8]

    /// - Parameter document: another document than its own, for tests of those who hold answers against it.
    package init(document: String = CourierDocument.text) { self.document = Array(document.utf8) }

    // MARK: Operations

    /// Each of them stands in the document under the same id, and a test says so.
    package var operations: [Operation] {
        let document = document
        return [
            Operation(
                "get_document", "GET", "/courier/v1/openapi.json", .open { _ in HTTPResponse(200, json: document) }),
            Operation("create_parcel", "POST", "/courier/v1/parcels", .write(Parcels.create)),
            Operation("get_parcel", "GET", "/courier/v1/parcels/{id}", .read(Parcels.get)),
        ]
    }

    /// Printed when a server starts.
    package let example: (path: String, body: String)? = ("/courier/v1/parcels", #"{"to": "3 Mill Lane"}"#)

    /// Few, so that a test reaches the end of them.
    package func rateLimits(plan: String) -> [RateLimit] { [RateLimit(requests: 5, seconds: 10)] }

    // MARK: Credentials

    package func authenticate(_ request: HTTPRequest) -> Authentication {
        switch BearerToken.read(request) {
        case .missing: .refused(.credentialMissing)
        case .malformed(let reason): .refused(.credentialRefused(reason: reason))
        case .token(let token) where CourierKey.isOne(token): .presented(.key(token), token: nil)
        case .token: .refused(.credentialRefused(reason: "it is not \(CourierKey.form)"))
        }
    }

    /// Whoever has a role that is not known here may do the least.
    package func objection(to caller: Caller, doing operation: Operation) -> PipelineRefusal? {
        let role = CourierRole(rawValue: caller.credential.role) ?? .tracker
        guard operation.writes, role == .tracker else { return nil }
        return .forbidden(reason: "A tracker only looks at parcels.")
    }

    // MARK: Errors

    package func respond(to refusal: PipelineRefusal, _ answer: AnswerContext) -> HTTPResponse {
        CourierError(refusal).response
    }

    /// Nil for an error that nobody foresaw: the pipeline logs that and answers an internal error.
    package func respond(to error: any Error, _ answer: AnswerContext) -> HTTPResponse? {
        switch error {
        case let refusal as CourierRefusal: CourierError(refusal).response
        case let malformed as MalformedBody: CourierError(.malformedBody(reason: malformed.reason)).response
        default: nil
        }
    }

    // MARK: Control plane

    package var controlEndpoints: [Endpoint] { ParcelEndpoints().endpoints }
    package var controlDocument: [UInt8]? { Array(CourierControlDocument.text.utf8) }
}

import Backside
import ControlPlane
package import Emulation
package import HTTPFront
import Neo
import Understudy

extension Contract {
    package static let neo = Contract(NeoAPI.document)
    package static let backside = Contract(BacksideAPI.document)
    package static let controlPlane = Contract(ControlPlane.document(with: Understudy.apis))

    /// What is wrong with an answer, by the document that its request's path belongs to.
    package static func complaints(about response: HTTPResponse, to request: HTTPRequest) -> [String] {
        let contract =
            "\(request.path)/".hasPrefix("/public-api/")
            ? neo
            : "\(request.path)/".hasPrefix("/api/v1/") ? backside : controlPlane
        return contract.complaints(about: response, to: request)
    }
}

package import Emulation

/// An emulated API that adds to the control plane.
package protocol ControlledAPI: EmulatedAPI {
    /// Paths begin with ``ControlPlane/basePath``, and the OpenAPI document of the control plane has each of them.
    var controlEndpoints: [Endpoint] { get }
    /// What it adds to that document: an object that is merged into it, member by member; nil for nothing.
    var controlDocument: [UInt8]? { get }
}

extension ControlledAPI {
    package var controlEndpoints: [Endpoint] { [] }
    package var controlDocument: [UInt8]? { nil }
}

package import Emulation

/// An emulated API that adds endpoints of its own to the control plane.
package protocol ControlledAPI: EmulatedAPI {
    /// Paths begin with ``ControlPlane/basePath``, and the OpenAPI document of the control plane has each of them.
    var controlEndpoints: [Endpoint] { get }
}

extension ControlledAPI {
    package var controlEndpoints: [Endpoint] { [] }
}

import Backside
package import ControlPlane
import EmbeddedDocuments
import Emulation
import Neo
package import Sandboxes

// Where the program is put together: the one place that names the APIs.
extension Understudy {
    /// The APIs that are stood in for. A further one is a further element.
    package static let apis: [any ControlledAPI] = [NeoAPI(), BacksideAPI()]

    /// What these keep in sandboxes.
    package static let modules = modules(apis)

    /// What such APIs keep in sandboxes.
    static func modules(_ apis: [any ControlledAPI]) -> Modules {
        Modules(apis, prepared: apis.map(\.name) == Self.apis.map(\.name) ? preparedSeeds : [:])
    }

    /// `seed-data/*.sqlite`, which `make seeds` fills with these APIs' rows.
    private static let preparedSeeds: [BuiltInSeed: ConstantBytes] = [
        .blank: ConstantBytes(understudy_prepared_blank_start(), count: understudy_prepared_blank_size),
        .demo: ConstantBytes(understudy_prepared_demo_start(), count: understudy_prepared_demo_size),
    ]
}
